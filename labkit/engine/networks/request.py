"""What a client wants of a network, and what is refused before anything is looked up.

The order of the checks is moby's (``daemon/network.go``, then libnetwork's
``NewNetwork`` and the bridge driver): of two mistakes a client hears of the same one.
"""

from dataclasses import dataclass, field

from labkit.base.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnavailableError,
    UnsupportedError,
)
from labkit.engine.attachments import PREDEFINED
from labkit.engine.messages import NO_SWARM_MANAGER
from labkit.network.naming import check_options

_SINGLE = ("host", "null")
_OTHER_DRIVERS = ("macvlan", "ipvlan")
_CONFIG_ONLY_FIELDS = (
    "configuration network can only contain network specific fields. Network operator "
    "fields like [ ingress | internal | attachable | scope ] are not supported."
)


@dataclass(frozen=True, slots=True)
class SubnetRequest:
    """One ``--subnet`` with what goes with it; an empty subnet asks for a default."""

    subnet: str = ""
    gateway: str = ""
    ip_range: str = ""
    auxiliary: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NetworkRequest:
    """What a client wants."""

    name: str
    driver: str = "bridge"
    subnets: tuple[SubnetRequest, ...] = ()
    internal: bool = False
    enable_ipv6: bool = False
    attachable: bool = False
    ingress: bool = False
    scope: str = ""
    config_only: bool = False
    config_from: str = ""
    options: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    ipam_driver: str = "default"
    ipam_options: dict[str, str] | None = None
    check_duplicate: bool = True


def check_request(request: NetworkRequest) -> None:
    """Refuse what is wrong in itself, whatever other networks there are.

    Raises:
        InvalidInputError, ForbiddenError, NotFoundError: the text is Docker's.
        UnsupportedError: a driver that this engine has not.
    """
    if not request.name.strip():
        raise InvalidInputError(
            "network name cannot be empty or contain only whitespace"
        )
    if request.name in (*PREDEFINED, "default"):
        raise ForbiddenError(
            f"operation is not permitted on predefined {request.name} network "
        )
    _check_configuration(request)
    _check_scope(request)
    _check_driver(request)
    _check_addresses(request)
    check_options(request.options)


def _check_configuration(request: NetworkRequest) -> None:
    if request.config_only:
        if request.config_from:
            raise ForbiddenError(
                "a configuration network cannot depend on another configuration network"
            )
        swarm = request.scope not in ("", "local")
        if request.ingress or request.internal or request.attachable or swarm:
            raise ForbiddenError(_CONFIG_ONLY_FIELDS)
    if not request.config_from:
        return
    if request.enable_ipv6 or request.labels or request.ipam_options or request.subnets:
        raise ForbiddenError(
            "user specified configurations are not supported if the network depends "
            "on a configuration network"
        )
    if request.options:
        raise ForbiddenError(
            "network driver options are not supported if the network depends on a "
            "configuration network"
        )


def _check_scope(request: NetworkRequest) -> None:
    if request.ingress:
        raise ForbiddenError("Ingress network can only be global scope network")
    if request.scope == "swarm":
        raise ForbiddenError(
            "cannot create a swarm scoped network when swarm is not active"
        )
    if request.scope not in ("", "local") or request.driver == "overlay":
        raise UnavailableError(NO_SWARM_MANAGER)


def _check_driver(request: NetworkRequest) -> None:
    if request.driver in _SINGLE:
        raise ForbiddenError(
            f'only one instance of "{request.driver}" network is allowed'
        )
    if request.driver in _OTHER_DRIVERS:
        raise UnsupportedError(
            f"this engine has no {request.driver} networks: its networks live in a "
            "namespace of their own, where no card of the machine is to build upon"
        )
    if request.driver not in ("", "bridge"):
        raise NotFoundError(f'plugin "{request.driver}" not found')
    if request.ipam_driver not in ("", "default"):
        raise NotFoundError(f'plugin "{request.ipam_driver}" not found')


def _check_addresses(request: NetworkRequest) -> None:
    ipv6 = [item for item in request.subnets if ":" in item.subnet]
    if len(ipv6) > 1 or len(request.subnets) - len(ipv6) > 1:
        raise ForbiddenError("bridge driver doesn't support multiple subnets")
