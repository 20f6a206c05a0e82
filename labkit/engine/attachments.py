"""Which networks a container asks for, and in what order."""

from collections.abc import Mapping

from labkit.base.errors import InvalidInputError
from labkit.engine.containers.grammar import check_endpoint
from labkit.engine.messages import SHARED_NETWORK
from labkit.engine.model import Attachment, EndpointRequest, HostConfig

BRIDGE, HOST, NONE = "bridge", "host", "none"
PREDEFINED = (BRIDGE, HOST, NONE)


def network_name(mode: str) -> str:
    """Return the network that ``--network`` means; ``default`` is the bridge."""
    return BRIDGE if mode in ("default", "") else mode


def first_attachments(
    host: HostConfig, endpoints: Mapping[str, EndpointRequest]
) -> tuple[Attachment, ...]:
    """Return what ``create`` was asked for: the network of the mode comes first.

    Whether the networks exist is asked at the start, as Docker does.

    Raises:
        InvalidInputError: host or none together with others.
        InvalidInputError: an address is none.
    """
    if host.network_mode.startswith("container:"):
        return ()
    wanted = {network_name(host.network_mode): EndpointRequest()}
    for name, request in endpoints.items():
        check_endpoint(request)
        wanted[network_name(name)] = request
    check_company(tuple(wanted))
    return tuple(
        Attachment(network_id="", network_name=name, request=request)
        for name, request in wanted.items()
    )


def check_company(names: tuple[str, ...]) -> None:
    """Refuse networks that stand no other beside them."""
    if len(names) < 2:
        return
    if HOST in names:
        raise InvalidInputError(SHARED_NETWORK)
    if NONE in names:
        raise InvalidInputError(
            "container cannot be connected to multiple networks with one of the "
            "networks in private (none) mode"
        )
