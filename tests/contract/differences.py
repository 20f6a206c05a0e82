"""Where our answers differ from those of a real dockerd, each with its reason.

A path names fields of a normalised answer; ``*`` stands for any one key or index. What
is listed is left out on both sides before they are compared. What isn't listed and
differs is a failure.
"""

from dataclasses import dataclass

BY_DESIGN: dict[str, str] = {
    "GraphDriver.Data": "our layers lie in other folders, and an upper folder is bare",
    "LogPath": "another data root",
    "HostsPath": "another data root",
    "HostnamePath": "another data root",
    "ResolvConfPath": "another data root",
    "NetworkSettings.SandboxKey": "we need no bind mount to keep a namespace",
    "Mounts.*.Source": "another data root",
    "Mountpoint": "another data root",
    "NetworkSettings.SandboxID": "one that has ended: a dockerd keeps the last one's",
    "State.Pid": "a process id",
    "HostConfig.CgroupnsMode": "private with cgroup v1, too: dockerd only with v2",
    "HostConfig.RestartPolicy.Name": "an unsaid policy is shown as what it means: no",
    "NetworkSettings.IPPrefixLen": "each default bridge has its own subnet",
    "NetworkSettings.Networks.bridge.IPPrefixLen": "the same",
}

BY_AGE: dict[str, str] = {
    "HostConfig.Runtime": "chosen at create since 22, at the start before",
    "NetworkSettings.Networks.*.DNSNames": "since API 1.44",
    "EnableIPv4": "since Docker 28",
    "IPAM.Config.*.Gateway": "one that was chosen for a given subnet: shown since 28",
}

_COUNTED = "what the engine holds at the moment"
_RUNTIME = "one runtime, which is a part of the engine: no containerd, no runc"
_OWN = "an engine of its own"

INFO: dict[str, str] = {
    **dict.fromkeys(
        ("Containers", "ContainersRunning", "ContainersPaused", "ContainersStopped"),
        _COUNTED,
    ),
    **dict.fromkeys(("Images", "NFd", "NGoroutines", "NEventsListener"), _COUNTED),
    **dict.fromkeys(("ID", "DockerRootDir", "ServerVersion", "SystemTime"), _OWN),
    **dict.fromkeys(
        ("ContainerdCommit", "RuncCommit", "InitCommit", "Runtimes", "DefaultRuntime"),
        _RUNTIME,
    ),
    "BridgeNfIptables": "its networks have a namespace of their own, and no iptables",
    "BridgeNfIp6tables": "the same",
    "DriverStatus": "an overlay is mounted in its container's namespace: little to say",
    "KernelMemory": "20.10's; gone from Linux and from Docker since 24",
    "KernelMemoryTCP": "TCP's memory counts as the container's, as cgroup v2 has it",
    "LiveRestoreEnabled": "containers always go on when the engine ends",
    "Plugins.Log": "files only: what sends logs elsewhere is refused at create",
    "Plugins.Network": "no macvlan and ipvlan, which would build upon the host's card",
    "SecurityOptions": "profile=builtin since 23; cgroups are private with v1, too",
    "CDISpecDirs": "since Docker 25",
    "Warnings": "since 23 a list, if an empty one",
}
"""Fields of ``/info``: of another value, or with one engine only."""

VERSION: dict[str, str] = {
    **dict.fromkeys(("Version", "ApiVersion", "MinAPIVersion"), _OWN),
    **dict.fromkeys(("BuildTime", "GitCommit", "GoVersion", "Platform"), _OWN),
    "Components": _RUNTIME,
}
"""The same of ``/version``."""

_ABSENT = "(absent)"
_EMPTY: tuple[object, ...] = (None, [], {}, _ABSENT)
"""Go spells a list that was never made ``null`` and one that was made ``[]``: a create
body that leaves a field out and one that sends it empty differ in inspect. Ours shows
what the command line's bodies lead to."""

TEXTS: dict[str, tuple[int, str]] = {
    "garbage json": (400, "20.10 says 500; since 23 it is 400, 'invalid JSON: ...'"),
    "empty create body": (400, "20.10 says 'EOF', newer ones what we say"),
    "attach unknown": (404, "20.10 answers attach errors as plain text"),
    "unpause running": (409, "20.10 says 500 with the same text; it is a conflict"),
    "create bad image": (400, "since 25 the text names the repository"),
    "bad bind": (400, "20.10 says 500 with the same text; since 22 it is 400"),
    "relative bind": (400, "20.10 says 500 with the same text; since 22 it is 400"),
    "bad filter json": (400, "20.10 says 500 and Go's parser; since 22 it is 400"),
    "create nameless net": (400, "since 24 a name is required by a text of its own"),
    "bad subnet": (400, "20.10 says 500 with the same text; since 24 it is 400"),
    "inspect unknown image": (404, "since 22 the cause isn't said twice"),
    **dict.fromkeys(
        (
            "unknown filter",
            "unknown network filter",
            "unknown volume filter",
            "unknown image filter",
        ),
        (400, "since 23 it begins with a small letter: 'invalid filter ...'"),
    ),
    "tag badly": (400, "20.10 says 500; since 25 it is 400 and names the repository"),
}
"""Error cases whose status or text is a newer Docker's: ours, and why."""


@dataclass(frozen=True, slots=True)
class Flag:
    """What a flag of ``docker run`` leads to with us, and why not to the same."""

    code: int
    text: str
    reason: str


FLAGS = {
    "file on a folder": Flag(
        125, "not a directory: unknown: Are you trying", "runc's flags are its own"
    ),
    "disk weight": Flag(
        0,
        "300\n",
        "the weights of BFQ: dockerd looks for CFQ's, which Linux has no more",
    ),
    **dict.fromkeys(
        ("log to syslog", "log to the journal", "log to fluentd", "log to graylog"),
        Flag(
            125,
            "error looking up logging plugin",
            "logs are files here: nothing in a lab takes them, and what can't be kept "
            "is refused at create",
        ),
    ),
    "nfs volume": Flag(
        125,
        "this engine's local volumes are folders, o=bind to one, or tmpfs, not mounts "
        "of type nfs",
        "a mount on the host would outlive the engine; refused when it is made",
    ),
}


INSIDE = {
    r"tmpfs on /sys/fs/cgroup .*|touch: /sys/fs/cgroup/x.*|/sys/fs/cgroup r.*": (
        "read-only with us: runc forgets it in a cgroup namespace that is the host's"
    ),
    r".*\bsystemd\b.*": "a tree without a controller: nothing to see in it",
}
"""Lines that a default container sees otherwise with us, each with its reason."""


def without(document: object, paths: dict[str, str]) -> object:
    """Return a document without the fields that are listed."""
    for path in paths:
        document = _drop(document, path.split("."))
    return document


def _drop(document: object, path: list[str]) -> object:
    head, *rest = path
    if isinstance(document, dict):
        chosen = list(document) if head == "*" else [head]
        return {
            key: (_drop(value, rest) if rest and key in chosen else value)
            for key, value in document.items()
            if rest or key not in chosen
        }
    if isinstance(document, list) and head == "*":
        return [_drop(item, rest) if rest else None for item in document]
    return document


def differing(ours: object, theirs: object, path: str = "") -> list[str]:
    """List the places where two documents differ, one readable line each."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        lines = []
        for key in sorted({*ours, *theirs}):
            where = f"{path}.{key}" if path else key
            lines += differing(ours.get(key, _ABSENT), theirs.get(key, _ABSENT), where)
        return lines
    same_length = (
        isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs)
    )
    if same_length:
        return [
            line
            for index, (one, other) in enumerate(zip(ours, theirs, strict=True))
            for line in differing(one, other, f"{path}.{index}")
        ]
    if ours in _EMPTY and theirs in _EMPTY:
        return []
    return [] if ours == theirs else [f"{path}: ours {ours!r}, theirs {theirs!r}"]
