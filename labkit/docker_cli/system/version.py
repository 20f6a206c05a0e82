"""``docker version``."""

from __future__ import annotations

import os
import time

from labkit.docker_cli.arguments import NONE
from labkit.docker_cli.client import API_VERSION
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.json_text import compact
from labkit.docker_cli.release import COMMIT, VERSION
from labkit.docker_cli.tables import align
from labkit.docker_cli.units import parse_rfc3339

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.json_text import Json

ARGUMENTS = NONE

_LEAST_WIDTH, _PADDING = 20, 1
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


def run(cli: Cli, call: Call) -> int:
    """Say which versions talk to one another."""
    client = client_version(cli)
    server: Json = None
    failure: CliError | None = None
    try:
        client["ApiVersion"] = cli.client.version
        server = cli.client.get("/version")
    except CliError as error:
        failure = error
    layout = call.values.text("format")
    cli.write(_shown(client, server, layout))
    if failure is not None:
        raise failure
    return 0


def client_version(cli: Cli) -> Json:
    """Return what this command line says of itself."""
    machine = os.uname().machine
    return {
        "Version": VERSION,
        "ApiVersion": API_VERSION,
        "DefaultAPIVersion": API_VERSION,
        "GitCommit": COMMIT,
        "GoVersion": "",
        "Os": "linux",
        "Arch": _MACHINES.get(machine, machine),
        "BuildTime": "",
        "Context": cli.context_name,
    }


def _shown(client: Json, server: Json, layout: str) -> str:
    both = {"Client": client, "Server": server}
    if not layout:
        return _table(client, server)
    if layout == "json":
        return compact(dict(both.items())) + "\n"
    # Late: for a format of the user's own alone.
    from labkit.docker_cli.template.whole import fill

    return fill(layout, both, "system.versionInfo", "version") + "\n"


def _table(client: Json, server: Json) -> str:
    version = client["ApiVersion"]
    lowered = f" (downgraded from {API_VERSION})" if version != API_VERSION else ""
    lines = [
        "Client:",
        f" Version:\t{client['Version']}",
        f" API version:\t{version}{lowered}",
        f" Go version:\t{client['GoVersion']}",
        f" Git commit:\t{client['GitCommit']}",
        f" Built:\t{client['BuildTime']}",
        f" OS/Arch:\t{client['Os']}/{client['Arch']}",
        f" Context:\t{client['Context']}",
    ]
    if server is not None:
        lines += ["", *_server_lines(server)]
    return align("\n".join(lines) + "\n", _LEAST_WIDTH, _PADDING)


def _server_lines(server: Json) -> list[str]:
    platform = (server.get("Platform") or {}).get("Name", "")
    lines = [f"Server: {platform}" if platform else "Server:"]
    for component in _components(server):
        lines.append(f" {component['Name']}:")
        details = component.get("Details") or {}
        lines.append(f"  Version:\t{component['Version']}")
        if component["Name"] == "Engine":
            lines += _engine_lines(details)
        else:
            lines += [f"  {key}:\t{details[key]}" for key in sorted(details)]
    return lines


def _components(server: Json) -> list[Json]:
    found = server.get("Components")
    if found:
        return list(found)
    names = ("ApiVersion", "MinAPIVersion", "GitCommit", "GoVersion", "Os", "Arch")
    details = {name: server.get(name, "") for name in names}
    details["Experimental"] = "true" if server.get("Experimental") else "false"
    details["BuildTime"] = server.get("BuildTime", "")
    return [{"Name": "Engine", "Version": server["Version"], "Details": details}]


def _engine_lines(details: Json) -> list[str]:
    def told(name: str) -> str:
        return str(details.get(name, ""))

    return [
        f"  API version:\t{told('ApiVersion')} (minimum version "
        f"{told('MinAPIVersion')})",
        f"  Go version:\t{told('GoVersion')}",
        f"  Git commit:\t{told('GitCommit')}",
        f"  Built:\t{_ansi_time(told('BuildTime'))}",
        f"  OS/Arch:\t{told('Os')}/{told('Arch')}",
        f"  Experimental:\t{told('Experimental')}",
    ]


def _ansi_time(text: str) -> str:
    """Return a build's time as ``Mon Jan  2 15:04:05 2006``, as it stands."""
    seconds = parse_rfc3339(text)
    return (
        time.strftime("%a %b %e %H:%M:%S %Y", time.gmtime(seconds)) if seconds else text
    )
