"""What all steps of a build share, and the way a step's files become a layer."""

import enum
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from labkit.base.clock import Clock
from labkit.base.digest import Digest, chain_id
from labkit.base.ids import new_id
from labkit.builder.cache import METADATA, BuildCache, Record
from labkit.builder.cache_sources import KnownStep, find_known
from labkit.builder.contents import digest_contents
from labkit.builder.halt import Halt
from labkit.builder.keys import digest_of
from labkit.builder.model import (
    BuildInput,
    BuildRequest,
    SourceTried,
    Step,
    StepCached,
    Tell,
)
from labkit.builder.picture import Picture
from labkit.builder.ports import Images, Layers, Runner
from labkit.images.model import BuiltLayer, Image

_NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything but the stage itself. ``epoch`` is SOURCE_DATE_EPOCH, in seconds."""

    request: BuildRequest
    input: BuildInput
    images: Images
    layers: Layers
    runner: Runner
    cache: BuildCache
    clock: Clock
    tell: Tell
    scratch: Path
    halt: Halt
    epoch: int | None = None
    made: list[BuiltLayer] = field(default_factory=list)
    borrowed: list[Digest] = field(default_factory=list)
    sources: list[Image] = field(default_factory=list)  # of the cache

    def open_sources(self) -> None:
        """Find the images that shall tell what was done before."""
        names = () if self.request.no_cache else self.request.cache_from
        for name in names:
            image = self.images.find_source(name)
            self.tell(SourceTried(name, image is not None))
            if image is not None:
                self.borrow(self.layers.chain_ids(image)[-1:])
                self.sources.append(image)

    def redoes(self, step: Step) -> bool:
        """Tell whether a step is done anew though it was done before."""
        stages = self.request.no_cache_stages
        return self.request.no_cache or step.stage_name.lower() in stages

    def borrow(self, chain_ids: Iterable[Digest]) -> None:
        """Keep layers until the build's end, whoever prunes or removes meanwhile."""
        chains = tuple(chain_ids)
        self.layers.keep(chains)
        self.borrowed.extend(chains)

    def now_ns(self) -> int:
        """Return what images and histories are dated with."""
        if self.epoch is not None:
            return self.epoch * _NANOSECONDS
        return self.clock.now_ns()

    def stop(self) -> None:
        """Let the build go no further, and end what runs."""
        self.halt.stop()
        self.runner.stop()

    def check(self) -> None:
        """Raise if the build shall go no further."""
        self.halt.check()

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """Make a folder for a step, which goes at its end."""
        path = self.scratch / new_id()[:16]
        path.mkdir(mode=0o700)
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)


class Proof(enum.Enum):
    """What two steps of the same line have the same result by."""

    LINE = enum.auto()  # it says all that there is to say
    FILES = enum.auto()  # those that it made
    NONE = enum.auto()


@dataclass(frozen=True, slots=True)
class Work:
    """A step that makes files: what it is known by, and what is said of it.

    ``apart`` is a layer that does not depend on those below (``--link``). ``proof``
    is what shows that an image of another's knows it already.
    """

    step: Step
    words: tuple[str | bytes, ...]
    history: str
    kind: str = "regular"
    apart: bool = False
    proof: Proof = Proof.NONE


MakeUpper = Callable[[], AbstractContextManager[Path]]
"""Does the work and gives the folder with what changed."""


def make_layer(bench: Bench, picture: Picture, work: Work, make: MakeUpper) -> Picture:
    """Take a step's layer from the cache, or make it."""
    parent = () if work.apart else (picture.files, *_top(picture))
    epoch = "" if bench.epoch is None else str(bench.epoch)
    key = digest_of("files", *parent, epoch, *work.words)
    with bench.cache.working_on(key):
        record = _remembered(bench, work.step, picture, work.history, key)
        if record is None and work.proof is Proof.LINE:
            record = _learnt(bench, picture, work, key)
        if record is not None:
            bench.tell(StepCached(work.step))
            layer = _stacked(bench, picture, record)
        else:
            record, layer = _make(bench, picture, work, key, make)
        if layer is not None:
            bench.borrow((layer.chain_id,))
    after = picture.with_layer(layer, digest_of("after", picture.files, key))
    empty = layer is None
    after = after.with_history(work.history, record.created_ns, empty)
    state = digest_of("state", picture.state, key, str(record.created_ns))
    return replace(after, state=state)


def keep_metadata(
    bench: Bench, step: Step, before: Picture, after: Picture, history: str
) -> Picture:
    """Note an instruction that made no files; done again it has its old date."""
    key = digest_of("metadata", before.state, history, str(bench.epoch))
    record = _remembered(bench, step, before, history, key)
    known = None
    if record is None and not bench.redoes(step):
        known = find_known(bench.sources, before, history)
    if record is not None or known is not None:
        bench.tell(StepCached(step))
    if record is None:
        created = known.created_ns if known is not None else bench.now_ns()
        record = Record(key, METADATA, history, created_ns=created)
        bench.cache.put(record)
    dated = after.with_history(history, record.created_ns, True)
    return replace(dated, state=digest_of(key, str(record.created_ns)))


def _remembered(
    bench: Bench, step: Step, picture: Picture, line: str, key: str
) -> Record | None:
    """Return what the cache knows of a step, and the build may use."""
    record = None if bench.redoes(step) else bench.cache.find(key)
    if record is None or not bench.request.sources_only:
        return record
    known = find_known(bench.sources, picture, line)
    is_theirs = known is not None and known.diff_id == record.layer
    return record if is_theirs else None


def _make(
    bench: Bench, picture: Picture, work: Work, key: str, make: MakeUpper
) -> tuple[Record, BuiltLayer | None]:
    bench.check()
    with make() as upper:
        if bench.epoch is not None:
            clamp_times(upper, bench.epoch)
        if work.proof is Proof.FILES:
            record = _learnt(bench, picture, work, key, upper)
            if record is not None:
                bench.tell(StepCached(work.step))
                return record, _stacked(bench, picture, record)
        layer = bench.layers.adopt(upper, picture.diff_ids)
    created = bench.now_ns()
    record = Record(key, work.kind, work.history, created_ns=created)
    if layer is not None:
        bench.made.append(layer)
        record = replace(
            record,
            diff_id=layer.diff_id.text,
            chain_id=layer.chain_id.text,
            size=layer.bytes,
        )
    bench.cache.put(replace(record, parent=picture.files))
    return record, layer


def _learnt(
    bench: Bench, picture: Picture, work: Work, key: str, made: Path | None = None
) -> Record | None:
    """Note what an image knows of a step, if it made the same files."""
    if bench.redoes(work.step):
        return None
    known = find_known(bench.sources, picture, work.history)
    if known is None:
        return None
    if made is not None and not _is_same(bench, known, made):
        return None
    record = Record(key, work.kind, work.history, created_ns=known.created_ns)
    if known.diff_id is not None and known.chain_id is not None:
        bench.layers.keep((known.chain_id,))
        record = replace(
            record, diff_id=known.diff_id.text, chain_id=known.chain_id.text
        )
    bench.cache.put(replace(record, parent=picture.files))
    return record


def _is_same(bench: Bench, known: KnownStep, made: Path) -> bool:
    if known.chain_id is None:
        return not any(made.iterdir())
    layer = bench.layers.layer_path(known.chain_id)
    return digest_contents(layer) == digest_contents(made)


def _stacked(bench: Bench, picture: Picture, record: Record) -> BuiltLayer | None:
    """Put a layer that is known on top of a picture's."""
    diff_id = record.layer
    if diff_id is None:
        return None
    diff_ids = (*picture.diff_ids, diff_id)
    chain = chain_id(diff_ids)
    if not bench.layers.has_layer(chain):
        bench.layers.stack(diff_ids)
        bench.borrowed.append(chain)
    return BuiltLayer(diff_id, chain, record.size)


def _top(picture: Picture) -> tuple[str, ...]:
    return tuple(chain.text for chain in picture.chain_ids[-1:])


def clamp_times(folder: Path, epoch: int) -> None:
    """Date nothing later than a moment, so that a layer is the same each time."""
    limit = epoch * _NANOSECONDS
    for root, folders, files in os.walk(folder, topdown=False):
        for name in (*files, *folders):
            path = os.path.join(root, name)
            status = os.lstat(path)
            late = status.st_mtime_ns > limit
            whiteout = stat.S_ISCHR(status.st_mode)
            if late and not whiteout:
                os.utime(path, ns=(limit, limit), follow_symlinks=False)
