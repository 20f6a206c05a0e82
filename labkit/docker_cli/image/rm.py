"""``docker rmi``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.client import path_of
from labkit.docker_cli.errors import CliError, EngineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = at_least(1)
_NOT_FOUND = 404


def run(cli: Cli, call: Call) -> int:
    """Remove images, or names of them."""
    forced = call.values.on("force")
    query: dict[str, object] = {}
    if forced:
        query["force"] = "1"
    if call.values.on("no-prune"):
        query["noprune"] = "1"
    failures, fatal = [], not forced
    for name in call.arguments:
        try:
            removed = cli.client.delete(path_of("images", name), query)
        except CliError as error:
            missing = isinstance(error, EngineError) and error.status == _NOT_FOUND
            fatal = fatal or not missing
            failures.append(str(error))
            continue
        for step in removed:
            for what in ("Deleted", "Untagged"):
                if step.get(what):
                    cli.line(f"{what}: {step[what]}")
                    break
        cli.flush()
    if failures and fatal:
        raise CliError("\n".join(failures))
    if failures:
        cli.error("\n".join(failures))
    return 0
