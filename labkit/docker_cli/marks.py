"""Flags that only some engines have: hidden on a page, refused in a command."""

from __future__ import annotations

from labkit.docker_cli.client import version_number
from labkit.docker_cli.errors import CliError, NoEngineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from labkit.docker_cli.cli import Cli
    from labkit.docker_cli.flags import Values
    from labkit.docker_cli.pages import Flag


_SWARM = " {swarm}"


def visible(cli: Cli, flags: Sequence[Flag]) -> list[Flag]:
    """Return the flags that this engine has; all of them where none answers.

    Those for swarms are hidden where there is none, and are read all the same.
    """
    if not any(flag.mark for flag in flags):
        return list(flags)
    try:
        return [flag for flag in flags if not (_refusal(cli, flag) or _idle(cli, flag))]
    except NoEngineError:
        return list(flags)


def visible_lines(cli: Cli, text: str) -> str:
    """Return a page of commands as this engine has them."""
    if _SWARM not in text:
        return text
    try:
        hidden = "swarm" in cli.client.ping
    except CliError:  # nobody answers, or nobody can be asked
        hidden = False
    lines = text.splitlines(keepends=True)
    kept = [line for line in lines if not (hidden and _SWARM in line)]
    return "".join(kept).replace(_SWARM, "")


def check_marks(cli: Cli, flags: Sequence[Flag], values: Values) -> None:
    """Refuse a flag that this engine does not have.

    Raises:
        CliError: in Docker's words.
    """
    typed = [flag for flag in flags if flag.mark and flag.name in values.changed]
    refusals = [refusal for flag in typed if (refusal := _refusal(cli, flag))]
    if refusals:
        raise CliError("\n".join(refusals))


def experimental_refusal(cli: Cli, name: str) -> str:
    """Return what Docker says of a command or flag that only experiments have.

    Nothing, if this engine is one.
    """
    if cli.client.ping.get("docker-experimental") == "true":
        return ""
    return (
        f"{name} is only supported on a Docker daemon with experimental "
        "features enabled"
    )


def _idle(cli: Cli, flag: Flag) -> bool:
    return flag.mark == "swarm" and "swarm" in cli.client.ping


def _refusal(cli: Cli, flag: Flag) -> str:
    mark, name = flag.mark, f'"--{flag.name}"'
    if not mark:
        return ""
    ping = cli.client.ping
    if mark == "windows":
        system = ping.get("ostype", "linux")
        return (
            f"{name} is only supported on a Docker daemon running on windows, "
            f"but the Docker daemon is running on {system}"
        )
    if mark == "experimental":
        return experimental_refusal(cli, name)
    if mark == "swarm":
        return ""
    if version_number(cli.client.version) < version_number(mark):
        return (
            f"{name} requires API version {mark}, but the Docker daemon API version "
            f"is {cli.client.version}"
        )
    return ""
