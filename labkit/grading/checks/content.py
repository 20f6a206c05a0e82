"""``file``, ``logs``, ``command``: what is inside a container, and what it says."""

import re
from collections.abc import Iterator

from pydantic import Field

from labkit.grading.checks.model import Family, Finding, Params
from labkit.grading.probes import (
    CommandProbe,
    CommandResult,
    ContainerProbe,
    FileProbe,
    LogsProbe,
    Observation,
    Probe,
    Text,
)


class FileParams(Params):
    """A file of a container."""

    container: str
    path: str
    contains: str | None = None
    equals: str | None = None
    absent: bool = False


def file_probes(params: FileParams) -> Iterator[Probe]:
    yield ContainerProbe(params.container)
    yield FileProbe(params.container, params.path)


def judge_file(params: FileParams, seen: Observation) -> Iterator[Finding]:
    if seen.container(params.container) is None:
        yield _no_container(params.container)
        return
    answer = seen.ask(FileProbe(params.container, params.path))
    text = answer.text if isinstance(answer, Text) else None
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
    return f"{params.container} {verb} file {params.path}"


def _file(params: FileParams, expected: str, found: str) -> Finding:
    return Finding(
        field=f"file.{params.path}",
        expected=expected,
        found=found,
        next_step=f"look with `docker exec {params.container} cat {params.path}`",
    )


class LogsParams(Params):
    """What a container must have printed."""

    container: str
    contains: str | None = None
    matches: str | None = Field(None, description="a regular expression")


def logs_probes(params: LogsParams) -> Iterator[Probe]:
    yield ContainerProbe(params.container)
    yield LogsProbe(params.container)


def judge_logs(params: LogsParams, seen: Observation) -> Iterator[Finding]:
    if seen.container(params.container) is None:
        yield _no_container(params.container)
        return
    answer = seen.ask(LogsProbe(params.container))
    text = answer.text if isinstance(answer, Text) else ""
    wanted = params.matches or re.escape(params.contains or "")
    if not re.search(wanted, text):
        yield Finding(
            field="logs",
            expected=params.contains or f"a line like {params.matches}",
            found=_excerpt(text[-200:]),
            next_step=f"read it all with `docker logs {params.container}`",
        )


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
    step = f"try it: `docker exec {params.container} {' '.join(params.run)}`"
    if result.exit_code != params.exit_code:
        found = f"{result.exit_code}: {_excerpt(result.output)}"
        yield Finding("exit_code", str(params.exit_code), found, step)
    elif params.contains is not None and params.contains not in result.output:
        yield Finding("output", repr(params.contains), _excerpt(result.output), step)


def command_sentence(params: CommandParams) -> str:
    return f"`{params.run[0]}` works in {params.container}"


def _no_container(name: str, status: str | None = None) -> Finding:
    return Finding(
        field="container",
        expected=f"a container named {name}",
        found=status or "no such container",
        next_step="list what there is with `docker ps -a`",
    )


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return f"{line[:80]}..." if len(line) > 80 else line or "nothing"


FILE = Family("file", FileParams, file_probes, judge_file, file_sentence)
LOGS = Family("logs", LogsParams, logs_probes, judge_logs, logs_sentence)
COMMAND = Family(
    "command", CommandParams, command_probes, judge_command, command_sentence
)
