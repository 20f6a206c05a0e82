"""``file``, ``logs``, ``command``: what is inside a container, and what it says."""

import re
import shlex
from collections.abc import Iterator
from typing import Literal

from pydantic import Field, model_validator

from labkit.grading.checks.model import (
    Family,
    Finding,
    Params,
    Pattern,
    running_step,
)
from labkit.grading.probes import (
    CommandProbe,
    CommandResult,
    ContainerProbe,
    FileProbe,
    ImageProbe,
    LogsProbe,
    Observation,
    Probe,
    StoredFileProbe,
    Text,
    VolumeProbe,
)


class FileParams(Params):
    """A file of a container, of a volume or of an image."""

    container: str | None = None
    volume: str | None = None
    image: str | None = None
    path: str
    contains: str | None = None
    equals: str | None = None
    owner: int | None = Field(None, description="the number of the user it belongs to")
    absent: bool = False

    @model_validator(mode="after")
    def _has_one_holder(self) -> "FileParams":
        holders = [self.container, self.volume, self.image]
        if sum(holder is not None for holder in holders) != 1:
            raise ValueError("name one of `container`, `volume` and `image`")
        return self

    @property
    def holder(self) -> str:
        """Return the name of what holds the file."""
        return self.container or self.volume or self.image or ""


def file_probes(params: FileParams) -> Iterator[Probe]:
    yield _holder_probe(params)
    yield _file_probe(params)


def _holder_probe(params: FileParams) -> ContainerProbe | VolumeProbe | ImageProbe:
    if params.volume:
        return VolumeProbe(params.volume)
    return ImageProbe(params.image) if params.image else ContainerProbe(params.holder)


def _file_probe(params: FileParams) -> FileProbe | StoredFileProbe:
    if params.container:
        return FileProbe(params.container, params.path)
    kind: Literal["volume", "image"] = "volume" if params.volume else "image"
    return StoredFileProbe(kind, params.holder, params.path)


def judge_file(params: FileParams, seen: Observation) -> Iterator[Finding]:
    if seen.ask(_holder_probe(params)) is None:
        yield _no_holder(params)
        return
    answer = seen.ask(_file_probe(params))
    file = answer if isinstance(answer, Text) else None
    if file and file.kind != "file" and not params.absent:
        yield _file(params, "a file", f"a {file.kind}")
        return
    yield from _text_findings(params, file.text if file else None)
    if file and params.owner not in (None, file.owner):
        yield Finding(
            field="owner",
            expected=f"{params.path} belongs to user {params.owner}",
            found=f"it belongs to user {file.owner}",
            next_step="`ls -ln` shows owners by number; `cp -a` and `tar` keep them",
        )


def _text_findings(params: FileParams, text: str | None) -> Iterator[Finding]:
    if params.absent:
        if text is not None:
            yield _file(params, "no such file", "it is there")
    elif text is None:
        yield _file(params, "a file", "no such file")
    elif params.equals is not None and text.strip() != params.equals.strip():
        yield _file(params, repr(params.equals), _excerpt(text))
    elif params.contains is not None and params.contains not in text:
        yield _file(params, f"a file with {params.contains!r}", _excerpt(text))


def file_sentence(params: FileParams) -> str:
    verb = "has no" if params.absent else "has the"
    return f"{params.holder} {verb} file {params.path}"


def _no_holder(params: FileParams) -> Finding:
    if params.container:
        return _no_container(params.container)
    kind = "volume" if params.volume else "image"
    return Finding(
        field=kind,
        expected=f"a {kind} named {params.holder}",
        found=f"no such {kind}",
        next_step=f"{_MAKE[kind].format(params.holder)}; see `docker {kind} ls`",
    )


_MAKE = {
    "image": "build it: `docker build -t {0} .`",
    "volume": "make it: `docker volume create {0}`, or by `docker run -v {0}:PATH`",
}


def _file(params: FileParams, expected: str, found: str) -> Finding:
    return Finding(
        field=f"file.{params.path}",
        expected=expected,
        found=found,
        next_step=f"{_mend(params)}; look with `{_look(params)}`",
    )


def _mend(params: FileParams) -> str:
    if params.image:
        return "mend what goes into it (Dockerfile, `.dockerignore`), build it again"
    if params.absent:
        return "remove it"
    return "write it there" if params.equals or params.contains else "bring it there"


def _look(params: FileParams) -> str:
    if params.container:
        return f"docker exec {params.container} cat {params.path}"
    if params.image:
        return f"docker run --rm --entrypoint cat {params.image} {params.path}"
    path = f"/v/{params.path.lstrip('/')}"
    return f"docker run --rm -v {params.volume}:/v busybox cat {path}"


class LogsParams(Params):
    """What a container must have printed."""

    container: str
    contains: str | None = None
    matches: Pattern | None = Field(None, description="a regular expression")


def logs_probes(params: LogsParams) -> Iterator[Probe]:
    yield ContainerProbe(params.container)
    yield LogsProbe(params.container)


def judge_logs(params: LogsParams, seen: Observation) -> Iterator[Finding]:
    if seen.container(params.container) is None:
        yield _no_container(params.container)
        return
    answer = seen.ask(LogsProbe(params.container))
    # Through a terminal (`docker run -t`) each line ends with a carriage return, too.
    text = answer.text.replace("\r\n", "\n") if isinstance(answer, Text) else ""
    wanted = params.matches or re.escape(params.contains or "")
    if not re.search(wanted, text):
        yield Finding(
            field="logs",
            expected=params.contains or _spell_pattern(params.matches or ""),
            found=_excerpt(text[-200:]),
            next_step=(
                f"read it all with `docker logs {params.container}`: run it with the "
                "program, and the settings, that make it say so"
            ),
        )


def _spell_pattern(pattern: str) -> str:
    """Say what is looked for: a whole line, where the pattern has no more in it."""
    bare = pattern.removeprefix("(?m)")
    line = re.fullmatch(r"\^([\w -]+)(?:\\s\*)?\$", bare)
    return f"the line {line[1]!r}" if line else f"a line like {bare}"


def logs_sentence(params: LogsParams) -> str:
    return f"{params.container} printed what it should"


class CommandParams(Params):
    """A program to run in a container of the learner's; it must not change it."""

    container: str
    run: tuple[str, ...]
    exit_code: int = 0
    contains: str | None = None


def command_probes(params: CommandParams) -> Iterator[Probe]:
    yield ContainerProbe(params.container)
    yield CommandProbe(params.container, params.run)


def judge_command(params: CommandParams, seen: Observation) -> Iterator[Finding]:
    container = seen.container(params.container)
    if container is None or container.status != "running":
        status = container.status if container else None
        yield _no_container(params.container, status)
        return
    result = seen.ask(CommandProbe(params.container, params.run))
    assert isinstance(result, CommandResult)  # a command probe has no other answer
    words = " ".join(map(_quote, params.run))
    step = f"try it: `docker exec {params.container} {words}`"
    if result.exit_code != params.exit_code:
        said = f": {_excerpt(result.output)}" if result.output.strip() else ""
        found = f"{result.exit_code}{said or ', and nothing was printed'}"
        yield Finding("exit_code", str(params.exit_code), found, step)
    elif params.contains is not None and params.contains not in result.output:
        yield Finding("output", repr(params.contains), _excerpt(result.output), step)


def _quote(word: str) -> str:
    """Quote a word for a shell so that it can be read, if it can be helped.

    Between double quotes these four mean something, as does a backslash before another
    one or before the end.
    """
    if "'" in word and not re.search(r'["$`!]|\\(\\|$)', word):
        return f'"{word}"'
    return shlex.quote(word)


def command_sentence(params: CommandParams) -> str:
    return f"`{params.run[0]}` works in {params.container}"


def _no_container(name: str, status: str | None = None) -> Finding:
    return Finding(
        field="container",
        expected=f"a container named {name}",
        found=status or "no such container",
        next_step=running_step(name, status),
    )


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return f"{line[:80]}..." if len(line) > 80 else line or "nothing"


FILE = Family("file", FileParams, file_probes, judge_file, file_sentence)
LOGS = Family("logs", LogsParams, logs_probes, judge_logs, logs_sentence)
COMMAND = Family(
    "command", CommandParams, command_probes, judge_command, command_sentence
)
