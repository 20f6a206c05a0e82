"""``labkit receipt``: grade a chapter, and sign what was seen."""

from pathlib import Path

import click
from rich.console import Console

from labkit.base.clock import SystemClock
from labkit.base.errors import ConflictError
from labkit.base.files import read_regular, write_atomically
from labkit.base.home import lab_home
from labkit.cli.choice import choose_exercises
from labkit.cli.engine_process import docker_host
from labkit.cli.names import CHAPTER
from labkit.grading.receipt.document import FORMAT
from labkit.grading.receipt.issue import Issuer, issue_receipt
from labkit.grading.receipt.key import fingerprint, learner_key, public_of
from labkit.grading.report.table import summary


@click.command()
@click.argument("chapter", type=CHAPTER, required=False)
@click.option("--name", default="", metavar="TEXT", help="Your name, to stand in it.")
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Where to write it; - prints it. Otherwise receipt-CHAPTER.json, here.",
)
@click.option("--key", "only_key", is_flag=True, help="Print your key's fingerprint.")
@click.option(
    "--partial", is_flag=True, help="Write one even if some checks gave no answer."
)
def receipt(
    chapter: str | None, name: str, out: Path | None, only_key: bool, partial: bool
) -> None:
    """Grade a chapter and write a signed receipt, such as `labkit receipt chapter05`.

    It holds what was seen of the exercises' containers, networks, volumes and images
    (their settings included), and the grade. `labkit verify FILE` says what it is
    worth.
    """
    if only_key:
        click.echo(_own_fingerprint())
        return
    if chapter is None:
        raise click.UsageError("name a chapter, such as chapter05")
    path = out or Path(f"receipt-{chapter}.json")
    _refuse_to_lose(path)
    who = Issuer(name, SystemClock(), partial)
    exercises = choose_exercises(chapter, None)
    issued = issue_receipt(docker_host(), exercises, lab_home(), who)
    if str(path) == "-":
        click.echo(issued.text, nl=False)
        return
    write_atomically(path, issued.text.encode(), mode=0o644)
    Console(highlight=False).print(summary(issued.grades))
    click.echo(f"wrote {path}, signed by {_own_fingerprint()}")


def _own_fingerprint() -> str:
    return fingerprint(public_of(learner_key(lab_home())))


def _refuse_to_lose(path: Path) -> None:
    """A receipt may take an older one's place, and no other file's."""
    if str(path) == "-" or not path.exists():
        return
    content = read_regular(path)
    if content is None or FORMAT.encode() not in content:
        raise ConflictError(f"{path} is there already and is no receipt: name another")
