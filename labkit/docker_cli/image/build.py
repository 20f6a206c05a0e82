"""``docker build`` by the classic door: an archive goes in, steps come out."""

from __future__ import annotations

import os
import sys

from labkit.base.units import human_size
from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.container.checks import (
    CREATE_CHECKS,
    check_env,
    check_label,
    check_ulimit,
    parse_ulimit,
)
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.flags import Rules
from labkit.docker_cli.image.build_context import open_context
from labkit.docker_cli.image.names import parse_name
from labkit.docker_cli.json_text import compact
from labkit.docker_cli.progress import StreamError, show_progress
from labkit.docker_cli.registry.credentials import config_header
from labkit.docker_cli.terminal import STDOUT
from labkit.docker_cli.texts import pairs_map

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.flags import Values
    from labkit.docker_cli.json_text import Json


def _check_tag(text: str) -> None:
    try:
        parse_name(text)
    except CliError as error:
        raise ValueError(str(error)) from None


ARGUMENTS = exactly(1)
RULES = Rules(
    checks={
        "label": check_label,
        "ulimit": check_ulimit,
        "tag": _check_tag,
        "build-arg": check_env,
        "add-host": CREATE_CHECKS["add-host"],
    }
)


def run(cli: Cli, call: Call) -> int:
    """Build an image of a Dockerfile and its context."""
    values = call.values
    iidfile = values.text("iidfile")
    if iidfile and os.path.exists(iidfile):
        os.unlink(iidfile)
    context = open_context(call.arguments[0], values.text("file"))
    quiet = values.on("quiet")
    query = _query(values, context.dockerfile)
    if context.remote:
        query["remote"] = context.remote
    headers = _headers(cli)
    pieces = _told(context.pieces, quiet)
    answer = cli.client.upload("POST", "/build", query, pieces, headers)
    identity = _follow(answer.values(), quiet)
    if iidfile:
        if not identity:
            raise CliError(
                f"server did not provide an image ID. Cannot write {iidfile}"
            )
        with open(iidfile, "w", encoding="utf-8") as file:
            file.write(identity)
    return 0


def _follow(messages: Iterator[Json], quiet: bool) -> str:
    """Show the build as it goes; return the image's id."""
    identity = ""
    held: list[Json] = []

    def note(aux: Json) -> None:
        nonlocal identity
        identity = aux.get("ID", "")

    if not quiet:
        show_progress(messages, aux=note)
        return identity
    for message in messages:
        if message.get("error"):
            for each in held:
                sys.stderr.write(each.get("stream", ""))
            detail = message.get("errorDetail") or {}
            raise StreamError(message["error"], int(detail.get("code") or 1))
        held.append(message)
    identity = "".join(each.get("stream", "") for each in held)
    sys.stdout.write(identity)
    return identity


def _told(pieces: Iterable[bytes], quiet: bool) -> Iterator[bytes]:
    """Yield the context's bytes, and say how many they were."""
    sent = 0
    said = "Sending build context to Docker daemon"
    terminal = os.isatty(STDOUT)
    for piece in pieces:
        sent += len(piece)
        if terminal and not quiet:
            sys.stdout.write(f"\x1b[2K\r{said} {human_size(sent):>8}\r")
            sys.stdout.flush()
        yield piece
    if quiet:
        return
    begin = "\x1b[2K\r" if terminal else ""
    sys.stdout.write(f"{begin}{said}  {human_size(sent)}\n")
    sys.stdout.flush()


def _headers(cli: Cli) -> dict[str, str]:
    return {"Content-Type": "application/x-tar", **config_header(cli.config)}


_TEXTS = {
    "target": "target",
    "platform": "platform",
    "cpuset-cpus": "cpusetcpus",
    "cpuset-mems": "cpusetmems",
    "cgroup-parent": "cgroupparent",
    "isolation": "isolation",
}
_NUMBERS = {
    "cpu-shares": "cpushares",
    "cpu-period": "cpuperiod",
    "cpu-quota": "cpuquota",
    "memory": "memory",
    "memory-swap": "memswap",
    "shm-size": "shmsize",
}
_SWITCHES = {"quiet": "q", "no-cache": "nocache", "pull": "pull", "squash": "squash"}


def _query(values: Values, dockerfile: str) -> dict[str, object]:
    query: dict[str, object] = {"version": "1", "dockerfile": dockerfile}
    if values.list("tag"):
        query["t"] = values.list("tag")
    for flag, name in _SWITCHES.items():
        if values.on(flag):
            query[name] = "1"
    query["rm"] = "1" if values.on("rm") else "0"
    if values.on("force-rm"):
        query["forcerm"] = "1"
    for flag, name in _TEXTS.items():
        if values.text(flag):
            query[name] = values.text(flag)
    for flag, name in _NUMBERS.items():
        if values.number(flag):
            query[name] = values.number(flag)
    query["networkmode"] = values.text("network")
    query["buildargs"] = _arguments(values.list("build-arg"))
    query["labels"] = pairs_map(values.list("label"))
    query["cachefrom"] = compact(values.list("cache-from"))
    if values.list("add-host"):
        query["extrahosts"] = ",".join(values.list("add-host"))
    if values.list("security-opt"):
        query["securityopt"] = compact(values.list("security-opt"))
    limits = [parse_ulimit(text) for text in values.list("ulimit")]
    query["ulimits"] = compact(limits)
    return query


def _arguments(given: list[str]) -> dict[str, str | None]:
    """Return ``--build-arg``s; a bare name takes the user's own value, if any."""
    found: dict[str, str | None] = {}
    for each in given:
        name, equals, value = each.partition("=")
        found[name] = value if equals else os.environ.get(name)
    return found
