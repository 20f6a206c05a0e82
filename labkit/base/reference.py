"""Names of images: ``registry.example:5000/team/app:1.2@sha256:…``.

The grammar is distribution's (``reference/regexp.go``), with Docker's habits on top:

    nginx                      docker.io/library/nginx:latest
    team/app                   docker.io/team/app:latest
    localhost/app              localhost/app:latest
    app.example/a/b@sha256:…   no tag: a digest says it all

What stands before the first slash is a registry only if it looks like one: it has a
dot or a colon, is ``localhost``, or has a capital letter (a repository can't have
one). People see the *familiar* form, with ``docker.io/library/`` left out again.
"""

import re
from dataclasses import dataclass, replace

from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError

DEFAULT_DOMAIN = "docker.io"
DEFAULT_TAG = "latest"
_LEGACY_DOMAIN = "index.docker.io"
_OFFICIAL = "library/"
_NAME_LIMIT = 255

_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_REFERENCE = re.compile(
    rf"(?P<domain>{_DOMAIN})/(?P<path>{_COMPONENT}(?:/{_COMPONENT})*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*"
    r":[0-9a-fA-F]{32,}))?"
)
_FULL_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """A normalised name: always with a domain, maybe with a tag, maybe a digest."""

    domain: str
    path: str
    tag: str | None = None
    digest: Digest | None = None

    @property
    def name(self) -> str:
        """Return domain and path: what a registry calls the repository."""
        return f"{self.domain}/{self.path}"

    @property
    def text(self) -> str:
        """Return the whole name, nothing left out."""
        return self.name + self._suffix

    @property
    def familiar_name(self) -> str:
        """Return domain and path as people write them: ``nginx``, ``team/app``."""
        if self.domain != DEFAULT_DOMAIN:
            return self.name
        rest = self.path.removeprefix(_OFFICIAL)
        return self.path if "/" in rest else rest

    @property
    def familiar(self) -> str:
        """Return the whole name as people write it: ``nginx:latest``."""
        return self.familiar_name + self._suffix

    @property
    def _suffix(self) -> str:
        tag = f":{self.tag}" if self.tag is not None else ""
        digest = f"@{self.digest}" if self.digest is not None else ""
        return tag + digest

    def __str__(self) -> str:
        return self.familiar


def parse_reference(text: str) -> Reference:
    """Normalise a name; one with neither tag nor digest means ``latest``.

    Raises:
        InvalidInputError: in Docker's words, which its clients show unchanged.
    """
    reference = parse_bare_reference(text)
    if reference.tag is None and reference.digest is None:
        return replace(reference, tag=DEFAULT_TAG)
    return reference


def parse_bare_reference(text: str) -> Reference:
    """Normalise a name as ``parse_reference`` does, but add no tag."""
    if _FULL_ID.fullmatch(text):
        raise InvalidInputError(
            f"invalid repository name ({text}), "
            "cannot specify 64-byte hexadecimal strings"
        )
    domain, remainder = _split_domain(text)
    repository = remainder.partition("@")[0].partition(":")[0]
    if repository != repository.lower():
        raise InvalidInputError(
            f"invalid reference format: repository name ({repository}) "
            "must be lowercase"
        )
    match = _REFERENCE.fullmatch(f"{domain}/{remainder}")
    if match is None:
        raise InvalidInputError("invalid reference format")
    if len(match["path"]) > _NAME_LIMIT:
        raise InvalidInputError(
            f"invalid reference format: repository name must not be more than "
            f"{_NAME_LIMIT} characters"
        )
    return Reference(match["domain"], match["path"], match["tag"], _digest(match))


def _digest(match: re.Match[str]) -> Digest | None:
    if match["digest"] is None:
        return None
    try:
        return Digest(match["digest"])
    except InvalidInputError as error:
        raise InvalidInputError("invalid reference format") from error


def _split_domain(text: str) -> tuple[str, str]:
    first, slash, rest = text.partition("/")
    looks_local = "." not in first and ":" not in first and first != "localhost"
    if not slash or (looks_local and first == first.lower()):
        domain, remainder = DEFAULT_DOMAIN, text
    else:
        domain, remainder = first, rest
    if domain == _LEGACY_DOMAIN:
        domain = DEFAULT_DOMAIN
    if domain == DEFAULT_DOMAIN and "/" not in remainder:
        remainder = _OFFICIAL + remainder
    return domain, remainder
