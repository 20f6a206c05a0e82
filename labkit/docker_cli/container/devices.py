"""``--device /dev/kvm:/dev/kvm:rwm`` and ``--gpus all``."""

from __future__ import annotations

import os

from labkit.docker_cli.csv_line import split_csv
from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.flags import Values
    from labkit.docker_cli.json_text import Json


def device_mappings(specs: list[str]) -> list[Json]:
    """Return the devices of ``--device``.

    Raises:
        CliError: in docker/cli's words.
    """
    return [_mapping(spec) for spec in specs]


def _mapping(spec: str) -> Json:
    parts = spec.split(":")
    if len(parts) > 3 or not parts[0]:
        raise CliError(f"bad format for path: {spec}")
    inside, mode = parts[0], "rwm"
    if len(parts) == 2:
        if _is_mode(parts[1]):
            mode = parts[1]
        else:
            inside = parts[1]
    elif len(parts) == 3:
        inside, mode = parts[1], parts[2]
        if not _is_mode(mode):
            raise CliError(f"bad mode specified: {mode}")
    if not inside.startswith("/"):
        raise CliError(f"{inside} is not an absolute path")
    return {
        "PathOnHost": parts[0],
        "PathInContainer": os.path.normpath(inside),
        "CgroupPermissions": mode,
    }


def _is_mode(text: str) -> bool:
    return bool(text) and set(text) <= set("rwm") and len(set(text)) == len(text)


def device_requests(values: Values) -> list[Json] | None:
    """Return the requests of ``--gpus``, or None."""
    requests = [parse_gpus(text) for text in values.list("gpus")]
    return requests or None


def parse_gpus(text: str) -> Json:
    """Return the request of ``--gpus``.

    Raises:
        ValueError: in docker/cli's words.
    """
    if not text:
        raise ValueError("EOF")
    request: Json = {"Driver": "", "Count": 0, "DeviceIDs": None, "Options": {}}
    capabilities = ["gpu"]
    for field in split_csv(text):
        key, equals, value = field.partition("=")
        if not equals:
            key, value = "count", key
        if key == "count":
            request["Count"] = _count(value)
        elif key == "device":
            request["DeviceIDs"] = value.split(",")
        elif key == "capabilities":
            capabilities = [*value.split(","), "gpu"]
        elif key == "driver":
            request["Driver"] = value
        else:
            raise ValueError(f"unexpected key '{key}' in '{field}'")
    if "count=" not in text and request["DeviceIDs"] is None and not request["Count"]:
        request["Count"] = 1
    request["Capabilities"] = [capabilities]
    return request


def _count(text: str) -> int:
    if text == "all":
        return -1
    if not text.lstrip("-").isdigit():
        raise ValueError(
            f'invalid count ({text}): value must be either "all" or an integer: '
            "invalid syntax"
        )
    return int(text)
