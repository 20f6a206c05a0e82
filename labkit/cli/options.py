"""Options and questions that several verbs share."""

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import click

F = TypeVar("F", bound=Callable[..., Any])


def place_options(command: F) -> F:
    """Add ``--data-root`` and ``--socket``: which engine is meant."""
    root = click.option("--data-root", metavar="DIR", help="Where its data is.")
    path = click.option("--socket", metavar="PATH", help="Where it listens.")
    return root(path(command))


def door_options(command: F) -> F:
    """Add what the daemon is told at its start, mostly by dockerd's own names.

    They come to the command as ``doors``: what the daemon is told, ready to pass on.
    """
    files = {
        "tlscacert": "Whose certificates are let in.",
        "tlscert": "The engine's certificate.",
        "tlskey": "The certificate's key.",
    }

    @functools.wraps(command)
    def with_doors(**options: Any) -> Any:
        doors: list[str] = []
        for name in ("tcp", *files, "metrics_addr"):
            if (said := options.pop(name)) is not None:
                option = f"--{name.replace('_', '-')}"
                doors += [option, str(Path(said).absolute()) if name in files else said]
        if options.pop("tlsverify"):
            doors.append("--tlsverify")
        if (source := options.pop("pull_from")) is not None:
            doors += ["--pull-from", source]
        return command(**options, doors=tuple(doors))

    decorated: Callable[..., Any] = with_doors
    for name, meaning in files.items():
        option = click.option(f"--{name}", metavar="FILE", help=meaning)
        decorated = option(decorated)
    for option in (
        click.option(
            "--tlsverify", is_flag=True, help="Let in by TCP who has a certificate."
        ),
        click.option(
            *("--tcp", "-H", "--host", "tcp"),
            metavar="tcp://HOST:PORT",
            help="Listen for other machines, too; needs the --tls options.",
        ),
        click.option(
            "--metrics-addr", metavar="HOST:PORT", help="Serve /metrics there."
        ),
        click.option(
            "--pull-from",
            type=click.Choice(["bundled", "upstream"]),
            help="Who is asked first by docker pull: the images that came along "
            "(unless told otherwise), or the real registry.",
        ),
    ):
        decorated = option(decorated)
    return cast(F, decorated)


def confirm(question: str, yes: bool) -> None:
    """Ask on a terminal; elsewhere only ``--yes`` says yes."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("not asked, as this is no terminal: say --yes")
    click.confirm(question, abort=True)
