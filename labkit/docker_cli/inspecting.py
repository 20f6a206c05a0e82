"""``inspect``: all that the engine knows, as JSON or as a format asks."""

from __future__ import annotations

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.json_text import compact, indented

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.json_text import Json


def inspect_each(
    cli: Cli, call: Call, find: Callable[[str], Json], only: str = ""
) -> int:
    """Print each named thing; ``only`` is a Go type (see ``template.inspecting``).

    What is not there is told when the others have been printed.

    Raises:
        CliError: one was not there, or the format is wrong.
    """
    show = formatter(call.values.text("format"), only)
    as_json = call.values.text("format") in ("", "json")
    found: list[Json] = []
    texts: list[str] = []
    failures: list[str] = []
    for name in call.arguments:
        try:
            item = find(name)
            found.append(item)
            texts += [] if as_json else [show([item])]
        except CliError as error:
            failures.append(str(error))
    cli.write(show(found) if as_json else "".join(texts) or "\n")
    if failures:
        raise CliError("\n".join(failures))
    return 0


def formatter(layout: str, only: str = "") -> Callable[[list[Json]], str]:
    """Return what prints the things found.

    Raises:
        CliError: the format is no template.
    """
    if not layout:
        return lambda found: indented(found) + "\n"
    if layout == "json":
        return lambda found: compact(found) + "\n"
    # Late: most people read the JSON.
    from labkit.docker_cli.template.inspecting import parse_layout

    return parse_layout(layout, only)
