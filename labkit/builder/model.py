"""What a build is asked for, what it tells on its way, and what it ends with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from labkit.base.errors import InvalidInputError, LabError
from labkit.base.reference import Reference
from labkit.images.model import Image
from labkit.images.transfer import PullEvent


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """How to build. Values of ``arguments`` are None where only a name was given."""

    target: str = ""
    arguments: Mapping[str, str | None] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    names: tuple[Reference, ...] = ()
    platform: str = ""
    network: str = "default"
    no_cache: bool = False
    no_cache_stages: frozenset[str] = frozenset()  # in small letters
    pull: bool = False
    extra_hosts: tuple[str, ...] = ()
    cache_from: tuple[str, ...] = ()  # images, see ``cache_sources``
    entitlements: frozenset[str] = frozenset()  # see ``permits``
    sandbox: str = ""  # a host name: commands run in what BuildKit has, see ``Order``
    sources_only: bool = False  # what is known, but by none of those, is done again


@dataclass(frozen=True, slots=True)
class BuildInput:
    """What to build of: folders that are this build's own, and what is kept secret.

    ``images`` maps the name of a context to an image that stands for it.
    ``secrets`` are read for a step and never written below the data root; ``ssh`` maps
    an id to the socket of an agent.
    """

    dockerfile: str
    context: Path | None
    contexts: Mapping[str, Path] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    ssh: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the plan: ``number`` counts from 1 over all stages that are built."""

    stage: int
    number: int
    total: int
    text: str
    lines: tuple[int, int] = (0, 0)
    stage_name: str = ""
    place: int = 0  # among those of its stage that make files, an image's FROM being 1
    places: int = 0
    shown: str = ""  # what BuildKit calls it where that is not its text


@dataclass(frozen=True, slots=True)
class StepStarted:
    step: Step


@dataclass(frozen=True, slots=True)
class StepCached:
    """It was done before, and its result is taken."""

    step: Step


@dataclass(frozen=True, slots=True)
class StepRuns:
    """A container works on it."""

    step: Step
    container_id: str


@dataclass(frozen=True, slots=True)
class StepOutput:
    """Something that a step printed; ``stream`` is stdout or stderr."""

    step: Step
    stream: str
    data: bytes


@dataclass(frozen=True, slots=True)
class StepPulls:
    """An image that a step needs comes from elsewhere; ``event`` says how far it is."""

    step: Step
    event: PullEvent


@dataclass(frozen=True, slots=True)
class StepNote:
    """A line of the builder's own about a step."""

    step: Step
    text: str


@dataclass(frozen=True, slots=True)
class ContainerRemoved:
    step: Step
    container_id: str


@dataclass(frozen=True, slots=True)
class StepDone:
    """``image_id`` is the image's if it ends here, else a name for what there is."""

    step: Step
    image_id: str


@dataclass(frozen=True, slots=True)
class StepFailed:
    step: Step
    error: LabError


@dataclass(frozen=True, slots=True)
class SourceTried:
    """An image was looked for that may know what was done before."""

    name: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class StageDone:
    stage: int
    image_id: str


Event = (
    StepStarted
    | StepCached
    | StepRuns
    | StepOutput
    | StepPulls
    | StepNote
    | ContainerRemoved
    | StepDone
    | StepFailed
    | StageDone
    | SourceTried
)
Tell = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Built:
    """The end of a build: its image, and arguments that nobody asked for."""

    image: Image
    unused_arguments: tuple[str, ...] = ()


class StepError(LabError):
    """A command of RUN returned a code; clients end with that code."""

    def __init__(self, message: str, code: int, command: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.command = command


class MissingFileError(InvalidInputError):
    """What COPY, ADD or a mount takes isn't there; the message is the classic door's.

    ``place`` is what BuildKit calls where it was looked for, and ``hint`` what was
    probably meant.
    """

    def __init__(self, message: str, place: str, path: str, hint: str) -> None:
        super().__init__(message)
        self.place = place
        self.path = path
        self.hint = hint


class BuildCancelledError(LabError):
    """Nobody waits for the build any more, or another of its stages failed."""
