"""Commands of several names: do each, say which worked, fail with what did not."""

from __future__ import annotations

from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from labkit.docker_cli.cli import Cli


def for_each(
    cli: Cli, names: Iterable[str], action: Callable[[str], str | None]
) -> int:
    """Do something with each name; print what the action returns, or the name.

    Raises:
        CliError: what went wrong, a line each, when all have had their turn.
    """
    failures = []
    for name in names:
        try:
            said = action(name)
        except CliError as error:
            failures.append(str(error))
        else:
            cli.line(name if said is None else said)
            cli.flush()
    if failures:
        raise CliError("\n".join(failures))
    return 0
