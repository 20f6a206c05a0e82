"""``docker network ls``."""

from labkit.base.errors import InvalidInputError
from labkit.engine.attachments import PREDEFINED
from labkit.engine.engine import Engine
from labkit.engine.filters import (
    NETWORKS,
    Filters,
    boolean,
    check_names,
    match_exactly,
    match_labels,
    match_pattern,
    match_prefix,
)
from labkit.engine.model import NetworkRecord
from labkit.engine.networks.inspect import NetworkDetails

_TYPES = ("custom", "builtin")


async def list_networks(engine: Engine, filters: Filters) -> tuple[NetworkDetails, ...]:
    """Return the networks that pass; a listing does not say who is in them."""
    check_names(filters, NETWORKS)
    for value in filters.get("type", ()):
        if value not in _TYPES:
            raise InvalidInputError(f"invalid filter: 'type'='{value}'")
    _check_dangling(filters.get("dangling", ()))
    return tuple(
        NetworkDetails(record)
        for record in engine.store.networks()
        if _passes(engine, record, filters)
    )


def _check_dangling(values: tuple[str, ...]) -> None:
    """Refuse in the words that networks have here, other than volumes and images."""
    if len(set(values)) > 1:
        raise InvalidInputError('got more than one value for filter key "dangling"')
    if not set(values) <= {"true", "1", "false", "0"}:
        raise InvalidInputError(
            'invalid value for filter \'dangling\', must be "true" (or "1"), or '
            '"false" (or "0")'
        )


def _passes(engine: Engine, record: NetworkRecord, filters: Filters) -> bool:
    network = record.network
    builtin = network.name in PREDEFINED
    if "dangling" in filters:
        unused = not builtin and not engine.members.of(network.id)
        if unused != boolean(filters, "dangling", default=True):
            return False
    return (
        match_labels(filters, record.labels)
        and match_prefix(filters, "id", network.id)
        and match_pattern(filters, "name", network.name)
        and match_exactly(filters, "driver", network.driver)
        and match_exactly(filters, "scope", "local")
        and match_exactly(filters, "type", "builtin" if builtin else "custom")
    )
