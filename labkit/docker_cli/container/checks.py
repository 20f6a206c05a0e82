"""What may stand behind the flags of ``run`` and ``create``: one check a flag.

A check raises ``ValueError`` with the sentence of docker/cli's own parser.
"""

from __future__ import annotations

from labkit.base.units import parse_bytes
from labkit.docker_cli.container.devices import parse_gpus
from labkit.docker_cli.container.mount import parse_mount
from labkit.docker_cli.container.network_option import parse_network

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_STREAMS = ("stdin", "stdout", "stderr")
_ULIMITS = [
    "as",
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nice",
    "nofile",
    "nproc",
    "rss",
    "rtprio",
    "rttime",
    "sigpending",
    "stack",
]


def check_attach(text: str) -> None:
    if text.lower() not in _STREAMS:
        raise ValueError("valid streams are STDIN, STDOUT and STDERR")


def check_env(text: str) -> None:
    if text.startswith("=") or not text:
        raise ValueError(f"invalid environment variable: {text}")


def check_label(text: str) -> None:
    if not text.partition("=")[0].strip():
        raise ValueError(f"invalid label '{text}': empty name")


def check_host(text: str) -> None:
    name, sign, address = text.partition("=")
    if not sign or ":" in name:
        name, sign, address = text.partition(":")
    if not sign or not name:
        raise ValueError(f'bad format for add-host: "{text}"')
    address = address.strip("[]")
    if address != "host-gateway" and not is_address(address):
        raise ValueError(f'invalid IP address in add-host: "{address}"')


def check_dns(text: str) -> None:
    if not is_address(text.strip()):
        raise ValueError(f"IP address is not correctly formatted: {text}")


def is_address(text: str) -> bool:
    import _socket

    family = _socket.AF_INET6 if ":" in text else _socket.AF_INET
    try:
        _socket.inet_pton(family, text.partition("%")[0])
    except OSError:
        return False
    return True


def check_ulimit(text: str) -> None:
    parse_ulimit(text)


def parse_ulimit(text: str) -> dict[str, object]:
    """Return ``nofile=1024:2048`` as the API has it."""
    name, equals, limits = text.partition("=")
    if not equals:
        raise ValueError(f"invalid ulimit argument: {text}")
    if name not in _ULIMITS:
        raise ValueError(f"invalid ulimit type: {name}")
    parts = limits.split(":")
    if len(parts) > 2:
        raise ValueError(
            f"too many limit value arguments - {limits}, can only have up to "
            "two, `soft[:hard]`"
        )
    numbers = [_limit(part) for part in parts]
    soft, hard = numbers[0], numbers[-1]
    if hard != -1 and (soft == -1 or soft > hard):
        raise ValueError(
            f"ulimit soft limit must be less than or equal to hard limit: {soft} "
            f"> {hard}"
        )
    return {"Name": name, "Hard": hard, "Soft": soft}


def _limit(text: str) -> int:
    if not text.removeprefix("-").isdigit():
        raise ValueError(f'strconv.ParseInt: parsing "{text}": invalid syntax')
    return int(text)


def check_link(text: str) -> None:
    if not text:
        raise ValueError("empty string specified for links")
    if text.count(":") > 1:
        raise ValueError(f"bad format for links: {text}")


def check_throttle(text: str) -> None:
    parse_throttle(text)


def parse_throttle(text: str) -> dict[str, object]:
    """Return ``/dev/sda:1mb`` as the API has it."""
    path, rate = _split_device(text)
    try:
        number = parse_bytes(rate)
    except ValueError:
        raise ValueError(
            f"invalid rate for device: {text}. The correct format is "
            "<device-path>:<number>[<unit>]. Number must be a positive integer. "
            "Unit is optional and can be kb, mb, or gb"
        ) from None
    return {"Path": path, "Rate": number}


def _split_device(text: str) -> tuple[str, str]:
    """Part a device's path from its rate."""
    path, sign, rate = text.partition(":")
    if not sign:
        raise ValueError(f"bad format: {text}")
    if not path.startswith("/dev/"):
        raise ValueError(f"bad format for device path: {text}")
    return path, rate


def check_operations(text: str) -> None:
    parse_operations(text)


def parse_operations(text: str) -> dict[str, object]:
    """Return ``/dev/sda:1000`` as the API has it."""
    path, rate = _split_device(text)
    if not rate.isdigit():
        raise ValueError(
            f"invalid rate for device: {text}. The correct format is "
            "<device-path>:<number>. Number must be a positive integer"
        )
    return {"Path": path, "Rate": int(rate)}


def check_weight(text: str) -> None:
    parse_weight(text)


def parse_weight(text: str) -> dict[str, object]:
    """Return ``/dev/sda:500`` as the API has it."""
    path, sign, weight = text.partition(":")
    if not sign:
        raise ValueError(f"bad format: {text}")
    if not path.startswith("/dev/"):
        raise ValueError(f"bad format for device path: {text}")
    if not weight.isdigit() or (weight != "0" and not 10 <= int(weight) <= 1000):
        raise ValueError(f"invalid weight for device: {text}")
    return {"Path": path, "Weight": int(weight)}


def check_device_rule(text: str) -> None:
    words = text.split(" ")
    numbers = words[1].split(":") if len(words) == 3 else []
    good = len(words) == 3 and words[0] in ("a", "b", "c") and len(numbers) == 2
    if not good or not all(n == "*" or n.isdigit() for n in numbers):
        raise ValueError(f"invalid device cgroup format '{text}'")


def _check_dns_search(text: str) -> None:
    trimmed = text.strip()
    good = all(
        part and part.replace("-", "").replace("_", "").isalnum()
        for part in trimmed.split(".")
    )
    if trimmed != "." and not good:
        raise ValueError(f"{text} is not a valid domain")


_SYSCTLS = (
    "kernel.msgmax",
    "kernel.msgmnb",
    "kernel.msgmni",
    "kernel.sem",
    "kernel.shm_rmid_forced",
    "kernel.shmall",
    "kernel.shmmax",
    "kernel.shmmni",
)


def check_sysctl(text: str) -> None:
    name, sign, _ = text.partition("=")
    if not sign or (
        name not in _SYSCTLS and not name.startswith(("net.", "fs.mqueue."))
    ):
        raise ValueError(f"sysctl '{text}' is not allowed")


CREATE_CHECKS: dict[str, Callable[[str], object]] = {
    "add-host": check_host,
    "attach": check_attach,
    "blkio-weight-device": check_weight,
    "device-cgroup-rule": check_device_rule,
    "device-read-bps": check_throttle,
    "device-read-iops": check_operations,
    "device-write-bps": check_throttle,
    "device-write-iops": check_operations,
    "dns": check_dns,
    "dns-search": _check_dns_search,
    "env": check_env,
    "gpus": parse_gpus,
    "label": check_label,
    "link": check_link,
    "mount": parse_mount,
    "network": parse_network,
    "sysctl": check_sysctl,
    "ulimit": check_ulimit,
}
CREATE_RENAMED = {
    "net": "network",
    "net-alias": "network-alias",
    "dns-opt": "dns-option",
}
"""Old names that are still read, and said nothing about."""
