"""The ``labkit`` command: a table of verbs, and what becomes of their errors.

A verb's module is imported when the verb is called, not before: the Docker SDK,
JupyterLab's and the catalogue's imports cost up to half a second each, and ``labkit
engine status`` needs none of them. So the table names modules, and ``_Verbs`` is the
one place in labkit that imports by name.
"""

import errno
import importlib
import io
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType

import click

from labkit import __version__
from labkit.base import errors
from labkit.base.home import lab_home
from labkit.base.person import behind_sudo, hand_over


@dataclass(frozen=True, slots=True)
class Verb:
    """Where a verb is, and the line that stands for it in the overview."""

    module: str
    command: str
    summary: str


def _verb(name: str, summary: str) -> Verb:
    return Verb(f"labkit.cli.{name}", name, summary)


VERBS: dict[str, dict[str, Verb]] = {
    "Learn": {
        "lab": _verb("lab", "open JupyterLab on the course"),
        "run": _verb("run", "run a chapter's hands-on steps"),
        "steps": _verb("steps", "list the steps and the commands they cover"),
        "progress": _verb("progress", "show where you stand"),
    },
    "Practise": {
        "check": _verb("check", "grade exercises"),
        "hint": _verb("hint", "give the next hint for an exercise"),
        "setup": _verb("setup", "put an exercise at its start"),
        "solve": _verb("solve", "apply the reference solution"),
        "reset": _verb("reset", "remove what a chapter made"),
        "receipt": _verb("receipt", "grade a chapter and sign what was seen"),
        "verify": _verb("verify", "say what receipts are worth"),
    },
    "Look inside": {
        "xray": _verb("xray", "show what a container is made of"),
        "layers": _verb("layers", "show what an image's layers hold and waste"),
        "engine": _verb("engine", "start, stop and inspect the engine"),
        "env": _verb("env", "print the shell lines that make `docker` work"),
        "shell": _verb("shell", "open a shell in which `docker` works"),
        "completion": _verb("completion", "print shell lines that make Tab work"),
        "doctor": _verb("doctor", "say what this machine can and can't do"),
        "images": _verb("images", "list, build, export, import the images"),
    },
    "Author": {
        "new": _verb("new", "begin an exercise"),
        "lint": _verb("lint", "prove every exercise and link of the course"),
        "book": _verb("book", "build the book and keep notebooks in step"),
    },
}

EXIT_CODES: dict[type[errors.LabError], int] = {
    errors.UnavailableError: 2,
    errors.InternalError: 3,
}
"""Any other failure is 1; click's own usage errors are 2 as everywhere."""


class _Verbs(click.Group):
    """A group that knows its commands by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for verbs in VERBS.values() for name in verbs]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for verbs in VERBS.values():
            if cmd_name in verbs:
                verb = verbs[cmd_name]
                module = importlib.import_module(verb.module)
                command = getattr(module, verb.command)
                assert isinstance(command, click.Command)
                return command
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        names = self.list_commands(ctx)
        if name not in names and not name.startswith("-"):
            # Imported for this mistake alone.
            difflib = importlib.import_module("difflib")
            near = difflib.get_close_matches(name, names, n=1)
            hint = f" (did you mean {near[0]!r}?)" if near else ""
            ctx.fail(f"no command {name!r}{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        for title, verbs in VERBS.items():
            with formatter.section(title):
                formatter.write_dl(
                    [(name, verb.summary) for name, verb in verbs.items()]
                )


@click.group(
    cls=_Verbs,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--debug", is_flag=True, help="Show tracebacks of errors.")
@click.option("--version", is_flag=True, help="Show the version.")
@click.pass_context
def cli(ctx: click.Context, debug: bool, version: bool) -> None:
    """Learn Docker where there is no Docker.

    A real container engine, a course in notebooks, and a grader. Begin with
    `labkit lab`, or with `labkit engine start` and `eval "$(labkit env)"`.
    """
    if version:
        click.echo(f"labkit {__version__}")
    elif ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    leave_on_signals()
    print_anywhere()
    sys.exit(run(given))


def leave_on_signals() -> None:
    """Let SIGTERM and a lost terminal end labkit as an exception does.

    What was started must end with it: a chapter's step may be a script that waits for
    ever, with programs in its background.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup(1) ignores the latter
            signal.signal(number, _leave)


def print_anywhere() -> None:
    """Print what a terminal has no sign for as a question mark, and go on."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # it may be closed: None
            stream.reconfigure(errors="replace")


def _leave(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)  # who says it twice wants it at once
    sys.exit(128 + number)


def run(arguments: Sequence[str]) -> int:
    """Run the command line; return its exit code.

    Whatever goes wrong becomes one sentence on stderr.
    """
    debug = "--debug" in arguments or bool(os.environ.get("LABKIT_DEBUG"))
    try:
        return _run(arguments, debug)
    finally:
        person = behind_sudo()
        if person is not None:
            hand_over(lab_home(), person)


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def _run(arguments: Sequence[str], debug: bool) -> int:
    try:
        result = cli.main(list(arguments), prog_name="labkit", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        click.echo("labkit: interrupted", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except errors.LabError as error:
        return _fail(error.message, exit_code(error), debug)
    except BrokenPipeError:
        # Whoever read our output has enough. Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC), sys.stdout.fileno())
        return 141
    except OSError as error:
        if error.errno in _NO_ROOM:
            return _fail(f"cannot write: {errors.os_reason(error)}", 3, debug)
        if error.filename is None:
            return _fail(_unexpected(error), 3, debug)
        # A folder that can't be written, a full disk: the learner's to mend.
        return _fail(f"cannot use {error.filename}: {error.strerror}", 1, debug)
    except Exception as error:  # noqa: BLE001 - the last resort before a traceback
        return _fail(_unexpected(error), 3, debug)


def exit_code(error: errors.LabError) -> int:
    """Return the exit code of a kind of error."""
    for kind, code in EXIT_CODES.items():
        if isinstance(error, kind):
            return code
    return 1


def _unexpected(error: Exception) -> str:
    return f"unexpected {type(error).__name__}: {error} (see `labkit --debug`)"


def _fail(message: str, code: int, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    click.echo(f"labkit: {message}", err=True)
    return code


if __name__ == "__main__":
    main()
