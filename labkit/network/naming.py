"""What things are called in the kernel, and what a network's options say.

Inside the engine's own network namespace names are Docker's, so that what a learner
sees is what any Docker host shows. What lies in the host's namespace carries the
engine's id: two engines never meet.
"""

import hashlib
import secrets

from labkit.base.errors import InvalidInputError
from labkit.network.model import Network

DEFAULT_BRIDGE = "docker0"
ENGINE_TABLE = "labkit"
UPLINK_INSIDE = "uplink"
DEFAULT_MTU = 1500

_BRIDGE_NAME = "com.docker.network.bridge.name"
_MTU = "com.docker.network.driver.mtu"
_MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade"
_ICC = "com.docker.network.bridge.enable_icc"
_BINDING_ADDRESS = "com.docker.network.bridge.host_binding_ipv4"
_LONGEST_NAME = 15  # IFNAMSIZ less the NUL
_TRUE = frozenset({"1", "t", "T", "true", "TRUE", "True"})  # Go's strconv.ParseBool
_FALSE = frozenset({"0", "f", "F", "false", "FALSE", "False"})


def bridge_name(network: Network) -> str:
    """Return ``docker0``, the name asked for, or ``br-`` and twelve digits."""
    if network.is_default:
        return network.options.get(_BRIDGE_NAME, DEFAULT_BRIDGE)
    name = network.options.get(_BRIDGE_NAME) or f"br-{network.id[:12]}"
    if len(name) > _LONGEST_NAME or "/" in name or name in (".", "..", UPLINK_INSIDE):
        raise InvalidInputError(f"invalid bridge name {name!r}")
    return name


def bridge_mac(network: Network) -> str:
    """Return the same address for the same network, marked as locally administered."""
    digest = hashlib.sha256(network.id.encode()).digest()
    return "02:42:" + digest[:4].hex(":")


def new_veth_name() -> str:
    """Return ``veth`` and seven random digits.

    Never derived from the container: a removed veth lingers for some milliseconds, and
    a container that starts again meanwhile must not meet its own old name.
    """
    return "veth" + secrets.token_hex(4)[:7]


def host_table(engine_id: str) -> str:
    return f"labkit_{engine_id}"


def uplink_outside(engine_id: str) -> str:
    return f"{UPLINK_PREFIX}{engine_id}"


UPLINK_PREFIX = "labkit-"


def mtu_of(network: Network) -> int:
    text = network.options.get(_MTU, str(DEFAULT_MTU))
    if not text.isdecimal():
        raise InvalidInputError(f"invalid value {text!r} for option {_MTU}")
    return int(text) or DEFAULT_MTU


def is_masqueraded(network: Network) -> bool:
    return not network.internal and _boolean(network, _MASQUERADE)


def has_icc(network: Network) -> bool:
    """May containers of this network talk with one another?"""
    return _boolean(network, _ICC)


def binding_address(network: Network) -> str:
    """Return where ports are published that name no host address; "" is everywhere."""
    address = network.options.get(_BINDING_ADDRESS, "")
    return "" if address == "0.0.0.0" else address


def _boolean(network: Network, option: str, default: bool = True) -> bool:
    text = network.options.get(option)
    if text is None:
        return default
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise InvalidInputError(f"invalid value {text!r} for option {option}")
