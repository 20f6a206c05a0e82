"""``docker update``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.client import path_of
from labkit.docker_cli.container.settings import restart_policy
from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.flags import Values
    from labkit.docker_cli.json_text import Json

ARGUMENTS = at_least(1)

_NUMBERS = {
    "blkio-weight": "BlkioWeight",
    "cpu-period": "CpuPeriod",
    "cpu-quota": "CpuQuota",
    "cpu-rt-period": "CpuRealtimePeriod",
    "cpu-rt-runtime": "CpuRealtimeRuntime",
    "cpu-shares": "CpuShares",
    "cpus": "NanoCpus",
    "memory": "Memory",
    "memory-reservation": "MemoryReservation",
    "memory-swap": "MemorySwap",
    "pids-limit": "PidsLimit",
}
_TEXTS = {"cpuset-cpus": "CpusetCpus", "cpuset-mems": "CpusetMems"}


def run(cli: Cli, call: Call) -> int:
    """Change the limits of containers, or their restart policy."""
    values = call.values
    if not values.changed:
        raise CliError("you must provide one or more flags when using this command")
    body = _limits(values)
    failures: list[str] = []
    warnings: list[str] = []
    for name in call.arguments:
        try:
            answer = cli.client.post(path_of("containers", name, "/update"), None, body)
        except CliError as error:
            failures.append(str(error))
        else:
            cli.line(name)
            warnings += answer.get("Warnings") or []
    if warnings:
        cli.line("\n".join(warnings))
    if failures:
        raise CliError("\n".join(failures))
    return 0


def _limits(values: Values) -> Json:
    body: Json = {key: values.number(flag) for flag, key in _NUMBERS.items()}
    if "pids-limit" not in values.changed:
        del body["PidsLimit"]
    body |= {key: values.text(flag) for flag, key in _TEXTS.items()}
    body["RestartPolicy"] = {}
    if values.text("restart"):
        body["RestartPolicy"] = restart_policy(values.text("restart"))
    return body
