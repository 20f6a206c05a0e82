"""``docker info``."""

from __future__ import annotations

from labkit.base.units import bytes_size
from labkit.docker_cli.arguments import NONE
from labkit.docker_cli.errors import CliError, NoEngineError
from labkit.docker_cli.json_text import compact
from labkit.docker_cli.plugins import describe_all
from labkit.docker_cli.registry.credentials import HUB, credentials_for
from labkit.docker_cli.system.version import client_version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.json_text import Json

ARGUMENTS = NONE


def run(cli: Cli, call: Call) -> int:
    """Tell all about the engine, and what this side is."""
    layout = call.values.text("format")
    client = client_version(cli)
    plugins = describe_all(cli.config)
    info: Json = None
    failure: CliError | None = None
    try:
        info = cli.client.get("/info")
        client["ApiVersion"] = cli.client.version
    except NoEngineError as error:
        failure = error
    if layout:
        cli.line(_formatted(info, client, plugins, layout))
    else:
        for line in [*_client_lines(client, plugins), "", "Server:"]:
            cli.line(line)
        if info is not None:
            info["Username"] = credentials_for(cli.config, HUB).get("username", "")
            for line in _server_lines(info):
                cli.line(line)
            cli.line("")
            for warning in info.get("Warnings") or []:
                cli.error(warning)
    if failure is not None:
        raise failure
    return 0


_FORGOTTEN = ("BridgeNfIptables", "BridgeNfIp6tables")
"""What older engines tell, and version 28 does not repeat."""


def _known(info: Json) -> Json:
    """Return what the engine tells, as far as version 28 knows the words."""
    known = {name: info[name] for name in info if name not in _FORGOTTEN}
    registries = known.get("RegistryConfig")
    if registries:
        kept = ("IndexConfigs", "InsecureRegistryCIDRs", "Mirrors")
        known["RegistryConfig"] = {k: registries[k] for k in kept if k in registries}
    for name in ("ContainerdCommit", "RuncCommit", "InitCommit"):
        if known.get(name):
            known[name] = {k: v for k, v in known[name].items() if v or k == "ID"}
    if known:
        warnings = known.pop("Warnings", None)
        known["CDISpecDirs"] = known.pop("CDISpecDirs", None)
        known["Warnings"] = warnings
    return known


def _formatted(info: Json, client: Json, plugins: dict[str, Json], layout: str) -> str:
    said = {name: client[name] for name in client if name != "ApiVersion"}
    described = {"Debug": False, **said, "Plugins": list(plugins.values())}
    whole = {**_known(info or {}), "ClientInfo": {**described, "Warnings": None}}
    if layout == "json":
        return compact(whole)
    # Late: for a format of the user's own alone.
    from labkit.docker_cli.template.whole import fill

    return fill(layout, whole, "system.dockerInfo")


def _client_lines(client: Json, plugins: dict[str, Json]) -> Iterator[str]:
    yield "Client:"
    yield f" Version:    {client['Version']}"
    yield f" Context:    {client['Context']}"
    yield " Debug Mode: false"
    if plugins:
        yield " Plugins:"
    for name, said in plugins.items():
        yield f"  {name}: {said.get('ShortDescription', '')} ({said.get('Vendor', '')})"
        for label, key in (("    Version: ", "Version"), ("    Path:    ", "Path")):
            if said.get(key):
                yield f"{label} {said[key]}"


def _told(label: str, value: object) -> Iterator[str]:
    if value not in ("", None):
        yield f" {label}: {value}"


def _server_lines(info: Json) -> Iterator[str]:
    yield f" Containers: {info['Containers']}"
    for state in ("Running", "Paused", "Stopped"):
        yield f"  {state}: {info[f'Containers{state}']}"
    yield f" Images: {info['Images']}"
    yield from _told("Server Version", info["ServerVersion"])
    yield from _told("Storage Driver", info["Driver"])
    for name, value in info.get("DriverStatus") or []:
        yield f"  {name}: {value}"
    yield from _told("Logging Driver", info.get("LoggingDriver"))
    yield from _told("Cgroup Driver", info.get("CgroupDriver"))
    yield from _told("Cgroup Version", info.get("CgroupVersion"))
    yield " Plugins:"
    plugins = info.get("Plugins") or {}
    for kind in ("Volume", "Network"):
        yield f"  {kind}: {' '.join(plugins.get(kind) or [])}"
    if plugins.get("Authorization"):
        yield f"  Authorization: {' '.join(plugins['Authorization'])}"
    yield f"  Log: {' '.join(plugins.get('Log') or [])}"
    if info.get("CDISpecDirs"):
        yield " CDI spec directories:"
        yield from (f"  {folder}" for folder in info["CDISpecDirs"])
    yield f" Swarm: {(info.get('Swarm') or {}).get('LocalNodeState', '')}"
    yield from _runtime_lines(info)
    yield from _machine_lines(info)
    yield from _registry_lines(info)


def _runtime_lines(info: Json) -> Iterator[str]:
    if info.get("Runtimes"):
        yield f" Runtimes: {' '.join(info['Runtimes'])}"
        yield f" Default Runtime: {info.get('DefaultRuntime', '')}"
    if info.get("OSType") != "linux":
        return
    yield f" Init Binary: {info.get('InitBinary', '')}"
    for label, key in (
        ("containerd", "ContainerdCommit"),
        ("runc", "RuncCommit"),
        ("init", "InitCommit"),
    ):
        yield f" {label} version: {(info.get(key) or {}).get('ID', '')}"
    if info.get("SecurityOptions"):
        yield " Security Options:"
    for option in info.get("SecurityOptions") or []:
        words = dict(word.partition("=")[::2] for word in option.split(","))
        yield f"  {words.get('name', option)}"
        if words.get("profile"):
            yield f"   Profile: {words['profile']}"


def _machine_lines(info: Json) -> Iterator[str]:
    yield from _told("Kernel Version", info.get("KernelVersion"))
    yield from _told("Operating System", info.get("OperatingSystem"))
    yield from _told("OSType", info.get("OSType"))
    yield from _told("Architecture", info.get("Architecture"))
    yield f" CPUs: {info['NCPU']}"
    yield f" Total Memory: {bytes_size(info['MemTotal'])}"
    yield from _told("Name", info.get("Name"))
    yield from _told("ID", info.get("ID"))
    yield f" Docker Root Dir: {info.get('DockerRootDir', '')}"
    yield f" Debug Mode: {_bool(info.get('Debug'))}"
    if info.get("Debug"):
        yield f"  File Descriptors: {info.get('NFd', 0)}"
        yield f"  Goroutines: {info.get('NGoroutines', 0)}"
        yield f"  System Time: {info.get('SystemTime', '')}"
        yield f"  EventsListeners: {info.get('NEventsListener', 0)}"
    for label, key in (
        ("HTTP Proxy", "HttpProxy"),
        ("HTTPS Proxy", "HttpsProxy"),
        ("No Proxy", "NoProxy"),
        ("Username", "Username"),
    ):
        yield from _told(label, info.get(key))
    if info.get("Labels"):
        yield " Labels:"
        yield from (f"  {label}" for label in info["Labels"])
    yield f" Experimental: {_bool(info.get('ExperimentalBuild'))}"


def _registry_lines(info: Json) -> Iterator[str]:
    config = info.get("RegistryConfig") or {}
    indexes, blocks = (
        config.get("IndexConfigs") or {},
        config.get("InsecureRegistryCIDRs"),
    )
    if indexes or blocks:
        yield " Insecure Registries:"
        yield from (f"  {i['Name']}" for i in indexes.values() if not i["Secure"])
        yield from (f"  {block}" for block in blocks or [])
    if config.get("Mirrors"):
        yield " Registry Mirrors:"
        yield from (f"  {mirror}" for mirror in config["Mirrors"])
    yield f" Live Restore Enabled: {_bool(info.get('LiveRestoreEnabled'))}"
    yield from _told("Product License", info.get("ProductLicense"))
    if info.get("DefaultAddressPools"):
        yield " Default Address Pools:"
        for pool in info["DefaultAddressPools"]:
            yield f"   Base: {pool['Base']}, Size: {pool['Size']}"


def _bool(value: object) -> str:
    return "true" if value else "false"
