"""The command line's begin: global flags, the verb's module, what becomes of errors."""

from __future__ import annotations

import os
import sys

from labkit.base.errors import os_reason
from labkit.docker_cli import build_door, commands, pages, plugins
from labkit.docker_cli.cli import Call, Cli
from labkit.docker_cli.config import default_folder
from labkit.docker_cli.errors import USAGE, CliError
from labkit.docker_cli.flags import FlagError, HelpWantedError, Rules, Values, parse
from labkit.docker_cli.marks import check_marks, visible, visible_lines
from labkit.docker_cli.release import COMMIT, VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    from labkit.docker_cli.arguments import Arguments
    from labkit.docker_cli.pages import Page


_ROOT_USAGE = "docker [OPTIONS] COMMAND [ARG...]"
_SAID_BEHIND = {"volume": " COMMAND"}
"""What one group's usage says in version 28, and the others' don't."""

_ALWAYS_A_PAGE = ("completion",)
"""Groups that answer any odd word with their page."""

_LEVELS = ("panic", "fatal", "error", "warn", "warning", "info", "debug", "trace")
_BROKEN_PIPE = 141
_INTERRUPTED = 130


def start(words: list[str]) -> NoReturn:
    """Be the process: run one command and end with its exit code.

    It ends at once: Python's own end takes 3 ms and finds nothing to do.
    """
    _open_streams()
    code = main(words)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        pass  # whoever read it is gone, or the disk is full: that was said
    os._exit(code)


def _open_streams() -> None:
    """Put /dev/null where the caller closed a stream, as Go does for Docker's own."""
    for fd, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_RDWR)
            if null != fd:
                os.dup2(null, fd)
                os.close(null)
            setattr(sys, name, os.fdopen(fd, "w" if fd else "r"))


_MISFITS = (
    *(ArithmeticError, AttributeError, LookupError),
    *(RecursionError, TypeError, ValueError),
)
"""What an answer of another shape than Docker's ends in, wherever it is read.

It is read where it is needed, so a mistake of ours could end in the same: they count as
the answer's fault only after there was one, and ``--debug`` shows them as they are.
"""


def main(words: list[str]) -> int:
    """Run one command; return its exit code."""
    try:
        code = run(words)
        sys.stdout.flush()
        return code
    except CliError as error:
        _say(str(error))
        return error.code
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return _BROKEN_PIPE
    except OSError as error:
        _say(f"{error.filename or 'write /dev/stdout'}: {os_reason(error)}")
        return 1


def run(words: list[str]) -> int:
    """Read the global flags, find the command and run it.

    Raises:
        CliError: it failed.
    """
    page = pages.parse_page(
        pages.read_text("help").replace("Global Options", "Options")
    )
    try:
        parsed = parse(page.flags, words, Rules(interspersed=False))
    except FlagError as error:
        raise CliError(
            _flag_message(str(error), _ROOT_USAGE, "docker"), USAGE
        ) from None
    except HelpWantedError:
        return _print_overview(Cli(Values(page.flags), default_folder()))
    values = parsed.values
    folder = values.text("config") if "config" in values.changed else default_folder()
    cli = Cli(values, folder)
    if values.on("version"):
        cli.line(f"Docker version {VERSION}, build {COMMIT}")
        return 0
    if len(values.list("host")) and values.text("context"):
        raise CliError("conflicting options: cannot specify both --host and --context")
    level = values.text("log-level")
    if level not in _LEVELS:
        raise CliError(f"Unable to parse logging level: {level}")
    if not parsed.arguments:
        return _print_overview(cli)
    try:
        return _dispatch(cli, parsed.arguments, words)
    except _MISFITS as error:
        if not cli.was_answered or values.on("debug"):
            raise
        what = f"{type(error).__name__}: {error}"
        raise CliError(f"cannot make sense of the answer: {what}") from error
    finally:
        cli.close()


def _dispatch(cli: Cli, arguments: list[str], words: list[str]) -> int:
    if arguments[0] == "help":
        return _help(cli, arguments[1:])
    if arguments[0] in ("__complete", "__completeNoDesc"):
        # Late: a shell asks for this, nobody types it.
        from labkit.docker_cli.completing import complete

        return complete(cli, arguments[1:], arguments[0] == "__complete")
    door = build_door.find(cli, arguments)
    if door is not None:
        behind = words[: len(words) - len(arguments)]
        plugins.run_plugin(door.program, [*behind, *door.words], sys.argv[0])
    command, rest = commands.find(arguments)
    if command is None:
        return _other(cli, arguments, words)
    return _run_command(cli, command, rest)


def _run_command(cli: Cli, command: commands.Command, words: list[str]) -> int:
    page = page_of(command)
    module = commands.load(command)
    rules: Rules = getattr(module, "RULES", Rules())
    try:
        parsed = parse(page.flags, words, rules)
    except FlagError as error:
        check_marks(cli, page.flags, error.values)
        message = _flag_message(str(error), page.usage, command.path)
        raise CliError(message, USAGE) from None
    except HelpWantedError as wanted:
        for warning in wanted.args:
            cli.line(warning)
        return _print_page(cli, page)
    for warning in parsed.warnings:
        cli.line(warning)
    check_marks(cli, page.flags, parsed.values)
    wanted_count: Arguments = module.ARGUMENTS
    wanted_count.check(len(parsed.arguments), command.path, page.usage)
    verb: Callable[[Cli, Call], int] = module.run
    return verb(cli, Call(command.path, page, parsed.values, parsed.arguments))


def page_of(command: commands.Command) -> Page:
    """Return a command's page, its usage named as the command was typed."""
    page = pages.read_page(command.module)
    first, _, rest = page.head.partition("\n")
    options = first.partition(" [OPTIONS]")
    own = "Usage:  docker " + command.module.replace("/", " ")
    own = own.replace("docker registry ", "docker ")
    if command.module in ("system/inspect", "system/version"):
        own = own.replace("docker system ", "docker ")
    tail = first[len(own) :] if first.startswith(own) else options[1] + options[2]
    page.head = f"Usage:  {command.path}{tail}\n{rest}"
    return page


def _other(cli: Cli, arguments: list[str], words: list[str]) -> int:
    name = arguments[0]
    plugin = plugins.find_plugin(cli.config, name)
    if plugin is not None and name not in commands.GROUPS:
        plugins.run_plugin(plugin, words, sys.argv[0])
    if name in commands.ELSEWHERE:
        # Late: hardly anybody types these.
        from labkit.docker_cli.elsewhere import groups

        return groups.run(cli, name, arguments[1:])
    if name not in commands.GROUPS:
        raise CliError(
            f"docker: unknown command: docker {name}\n\n"
            "Run 'docker --help' for more information"
        )
    return _run_group(cli, name, arguments[1:])


def _run_group(cli: Cli, name: str, words: list[str]) -> int:
    """Print a group's page, or say what is wrong with what stands behind its name."""
    path = f"docker {name}"
    usage = path + _SAID_BEHIND.get(name, "")
    page = pages.read_text(f"{name}/help")
    try:
        typed = parse([], words, Rules()).arguments
    except FlagError as error:
        raise CliError(_flag_message(str(error), usage, path), USAGE) from None
    except HelpWantedError as wanted:
        cli.write("".join(f"{warning}\n" for warning in wanted.args) + page)
        return 0
    if name in _ALWAYS_A_PAGE:
        cli.write(page)
        return 0
    if not typed:
        raise CliError(page.rstrip("\n"), 0)
    raise CliError(
        f"docker: unknown command: {path} {typed[0]}\n\n"
        f"Usage:  {usage}\n\nRun '{path} --help' for more information"
    )


def _help(cli: Cli, words: list[str]) -> int:
    if not words:
        return _print_overview(cli)
    command, rest = commands.find(words)
    if command is not None and not rest:
        return _print_page(cli, page_of(command))
    if words[0] in commands.GROUPS and len(words) == 1:
        cli.write(pages.read_text(f"{words[0]}/help"))
        return 0
    if words[0] in commands.ELSEWHERE:
        return _other(cli, [*words, "--help"], words)
    plugin = plugins.find_plugin(cli.config, words[0])
    if plugin is not None:
        plugins.run_plugin(plugin, [*words, "--help"], sys.argv[0])
    topic = words[1:] if words[0] in commands.GROUPS else words
    raise CliError(f"unknown help topic: {' '.join(topic)}")


def _print_page(cli: Cli, page: Page) -> int:
    page.flags = visible(cli, page.flags)
    cli.write(pages.help_text(page, terminal_width()))
    return 0


def _print_overview(cli: Cli) -> int:
    text = visible_lines(cli, pages.read_text("help"))
    head, _, rest = text.partition("\nGlobal Options:\n")
    options, _, tail = rest.partition("\n\n")
    options = options.replace("/root/.docker", default_folder())
    flags = pages.flag_usages(pages.parse_flags(options), terminal_width())
    for name, said in plugins.describe_all(cli.config).items():
        version = f", {said['Version']}" if said.get("Version") else ""
        line = f"  {name + '*':<12}{said.get('ShortDescription', '')}"
        head = _insert(head, f"{line} ({said.get('Vendor', '')}{version})")
    cli.write(f"{head}\nGlobal Options:\n{flags}\n\n{tail}")
    return 0


def _insert(head: str, line: str) -> str:
    """Put a plug-in's line in its place among the management commands."""
    before, title, after = head.partition("Management Commands:\n")
    block, gap, rest = after.partition("\n\n")
    lines = sorted([*block.splitlines(), line], key=lambda each: each.split()[0])
    return before + title + "\n".join(lines) + gap + rest


def terminal_width() -> int:
    """Return the columns of the terminal on stdin, or 80."""
    try:
        return os.get_terminal_size(0).columns or 80
    except OSError:
        return 80


def _flag_message(problem: str, usage: str, path: str) -> str:
    return f"{problem}\n\nUsage:  {usage}\n\nRun '{path} --help' for more information"


def _say(message: str) -> None:
    try:
        sys.stdout.flush()
    except OSError:
        _drop_output()
    if message:
        try:
            sys.stderr.write(message + "\n")
        except OSError:
            pass  # nobody reads that either


def _drop_output() -> None:
    """Let what is left for stdout go nowhere: who read it has enough, or it is full."""
    os.dup2(os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC), 1)
