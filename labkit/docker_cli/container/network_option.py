"""``--network mynet`` and ``--network name=mynet,alias=db,ip=10.0.0.2``."""

from __future__ import annotations

from labkit.docker_cli.csv_line import split_csv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.json_text import Json

_BUILT_IN = ("default", "bridge", "host", "none")


def is_user_defined(name: str) -> bool:
    """Say whether a network mode names a network of the user's."""
    return name not in _BUILT_IN and not name.startswith("container:")


def parse_network(text: str) -> Json:
    """Return ``Target`` and what else is said of the attachment.

    Raises:
        ValueError: in docker/cli's words.
    """
    if "=" not in text or text.startswith("container:"):
        return {"Target": text}
    found: Json = {"Target": "", "Aliases": []}
    for field in split_csv(text):
        key, equals, value = field.lower().partition("=")
        if not equals or not key:
            raise ValueError(f"invalid field {field}")
        _set(found, key.strip(), value.strip())
    if not found["Target"]:
        raise ValueError("network name/id is not specified")
    return found


_PLACES = {
    "name": "Target",
    "ip": "IPv4Address",
    "ip6": "IPv6Address",
    "mac-address": "MacAddress",
}


def _set(found: Json, key: str, value: str) -> None:
    if key in _PLACES:
        found[_PLACES[key]] = value
    elif key == "alias":
        found["Aliases"].append(value)
    elif key == "link-local-ip":
        found.setdefault("LinkLocalIPs", []).append(value)
    elif key == "driver-opt":
        name, equals, option = value.partition("=")
        if not equals or not name:
            raise ValueError("invalid key value pair format in driver options")
        found.setdefault("DriverOpts", {})[name.strip()] = option.strip()
    elif key == "gw-priority":
        if not value.lstrip("-").isdigit():
            raise ValueError(f"invalid gw-priority ({value}): invalid syntax")
        found["GwPriority"] = int(value)
    else:
        raise ValueError(f"invalid field key {key}")
