"""What things are called in the kernel, and what a network's options say.

Inside the engine's own network namespace names are Docker's, so that what a learner
sees is what any Docker host shows. What lies in the host's namespace carries the
engine's id: two engines never meet.
"""

import hashlib
import ipaddress
import re
from collections.abc import Mapping

from labkit.base.errors import InvalidInputError
from labkit.base.go_text import TRUTHS, go_quote
from labkit.network.model import Endpoint, Network

DEFAULT_BRIDGE = "docker0"
ENGINE_TABLE = "labkit"
UPLINK_INSIDE = "uplink"
DEFAULT_MTU = 1500

_BRIDGE_NAME = "com.docker.network.bridge.name"
_MTU = "com.docker.network.driver.mtu"
_MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade"
_ICC = "com.docker.network.bridge.enable_icc"
_BINDING_ADDRESS = "com.docker.network.bridge.host_binding_ipv4"
_LARGEST_MTU = 65535  # a bridge's, drivers/net: ETH_MAX_MTU
_LONGEST_NAME = 15  # IFNAMSIZ less the NUL


def bridge_name(network: Network) -> str:
    """Return ``docker0``, the name asked for, or ``br-`` and twelve digits."""
    if network.is_default:
        return network.options.get(_BRIDGE_NAME, DEFAULT_BRIDGE)
    name = network.options.get(_BRIDGE_NAME) or f"br-{network.id[:12]}"
    return name


def bridge_mac(network: Network) -> str:
    """Return the same address for the same network, marked as locally administered."""
    digest = hashlib.sha256(network.id.encode()).digest()
    return "02:42:" + digest[:4].hex(":")


def veth_name(endpoint: Endpoint) -> str:
    """Return ``veth`` and the endpoint's first seven digits.

    Every start makes new endpoints: a container that starts again doesn't meet its own
    old name, should the old pair still be there.
    """
    return "veth" + endpoint.id[:7]


def host_table(engine_id: str) -> str:
    return f"labkit_{engine_id}"


def uplink_outside(engine_id: str) -> str:
    return f"{UPLINK_PREFIX}{engine_id}"


UPLINK_PREFIX = "labkit-"


def mtu_of(network: Network) -> int:
    return int(network.options.get(_MTU, DEFAULT_MTU)) or DEFAULT_MTU


def is_masqueraded(network: Network) -> bool:
    return not network.internal and _boolean(network, _MASQUERADE)


def has_icc(network: Network) -> bool:
    """May containers of this network talk with one another?"""
    return _boolean(network, _ICC)


def binding_address(network: Network) -> str:
    """Return where ports are published that name no host address; "" is everywhere."""
    address = network.options.get(_BINDING_ADDRESS, "")
    return "" if address == "0.0.0.0" else address


def check_options(options: Mapping[str, str]) -> None:
    """Refuse values that the functions above couldn't read; Docker's texts, and Go's.

    Raises:
        InvalidInputError: a value is none of its option's.
    """
    if _BRIDGE_NAME in options:
        _check_name(options[_BRIDGE_NAME])
    if _MTU in options:
        _check_mtu(options[_MTU])
    for option in (_MASQUERADE, _ICC):
        text = options.get(option)
        if text is not None and text not in TRUTHS:
            cause = f"strconv.ParseBool: parsing {go_quote(text)}: invalid syntax"
            raise _unreadable(option, text, cause)
    address = options.get(_BINDING_ADDRESS)
    if address is not None:
        try:
            ipaddress.ip_address(address)
        except ValueError as error:
            raise _unreadable(_BINDING_ADDRESS, address, "nil ip") from error


def _check_name(name: str) -> None:
    forbidden = (".", "..", UPLINK_INSIDE, "lo", "all", "default")
    if len(name) > _LONGEST_NAME or re.search(r"[/\s:]", name) or name in forbidden:
        raise InvalidInputError(f"invalid bridge name {name!r}")


def _check_mtu(text: str) -> None:
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        cause = f"strconv.Atoi: parsing {go_quote(text)}: invalid syntax"
        raise _unreadable(_MTU, text, cause)
    if not 0 <= int(text) <= _LARGEST_MTU:
        raise InvalidInputError(f"invalid MTU number: {text}")


def _unreadable(option: str, text: str, cause: str) -> InvalidInputError:
    return InvalidInputError(f"failed to parse {option} value: {text} ({cause})")


def _boolean(network: Network, option: str) -> bool:
    text = network.options.get(option)
    return text is None or TRUTHS.get(text, False)
