"""Where our answers differ from those of a real dockerd, each with its reason.

A path names fields of a normalised answer; ``*`` stands for any one key or index. What
is listed is left out on both sides before they are compared. What isn't listed and
differs is a failure.
"""

BY_DESIGN: dict[str, str] = {
    "GraphDriver.Data": "our layers lie in other folders, and an upper folder is bare",
    "LogPath": "another data root",
    "HostsPath": "another data root",
    "HostnamePath": "another data root",
    "ResolvConfPath": "another data root",
    "NetworkSettings.SandboxKey": "we need no bind mount to keep a namespace",
    "NetworkSettings.SandboxID": "the same",
    "Mounts.*.Source": "another data root",
    "Mountpoint": "another data root",
    "State.Pid": "a process id",
    "HostConfig.Runtime": "ours is not runc",
    "Config.Image": "what the test typed",
}

BY_AGE: dict[str, str] = {
    "NetworkSettings.Networks.*.DNSNames": "since API 1.44",
    "HostConfig.Isolation": "Windows",
}

TEXTS: dict[str, str] = {
    "garbage json": "20.10 calls it 500; since 23 it is 400 and begins 'invalid JSON:'",
    "empty create body": "20.10 says 'EOF', newer ones what we say",
}
"""Error cases whose status or text is a newer Docker's."""


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
