"""Which image a query means."""

from labkit.base.errors import InvalidInputError
from labkit.base.reference import Reference, parse_reference


def pull_reference(name: str, tag: str) -> Reference:
    """Put ``fromImage`` and ``tag`` together; the tag may be a digest."""
    if not name:
        raise InvalidInputError("invalid reference format")
    if not tag:
        return parse_reference(name)
    separator = "@" if ":" in tag else ":"
    return parse_reference(f"{name}{separator}{tag}")
