"""Which image a query means, and who asks for it."""

import base64
import json

from labkit.api.parse.fields import Fields
from labkit.base.errors import InvalidInputError
from labkit.base.reference import Reference, parse_bare_reference, parse_reference
from labkit.images.registry.model import ANONYMOUS, Credentials


def pull_reference(name: str, tag: str) -> Reference:
    """Put ``fromImage`` and ``tag`` together; the tag may be a digest.

    Neither of them saying a tag means all tags there are.
    """
    if not name:
        raise InvalidInputError("invalid reference format")
    if not tag:
        return parse_bare_reference(name)
    separator = "@" if ":" in tag else ":"
    return parse_reference(f"{name}{separator}{tag}")


def push_reference(name: str, tag: str) -> Reference:
    """Put the path's name and ``tag`` together; no tag means all of them."""
    reference = parse_bare_reference(f"{name}:{tag}" if tag else name)
    if reference.digest is not None:
        raise InvalidInputError("cannot push a digest reference")
    return reference


def credentials_header(text: str) -> Credentials:
    """Read ``X-Registry-Auth``; what can't be read counts as nothing, as in dockerd."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        document = json.loads(data)
    except (ValueError, RecursionError):
        return ANONYMOUS
    try:
        return read_credentials(Fields(document))
    except InvalidInputError:
        return ANONYMOUS


def config_header(text: str) -> dict[str, Credentials]:
    """Read ``X-Registry-Config``: who the user is, by registry."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        document = json.loads(data) if data else {}
        return {
            str(server): read_credentials(Fields(one))
            for server, one in dict(document or {}).items()
        }
    except (ValueError, TypeError, RecursionError, InvalidInputError):
        return {}  # as in dockerd: a build may well do without


def read_credentials(fields: Fields) -> Credentials:
    """Read the fields in which clients say who they are."""
    return Credentials(
        fields.text("username"),
        fields.text("password"),
        fields.text("identitytoken"),
        fields.text("registrytoken"),
    )
