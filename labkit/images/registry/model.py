"""What a registry client is told, and what it finds."""

from dataclasses import dataclass, field
from pathlib import Path

from labkit.base.digest import Digest


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks. Secrets are kept out of every text."""

    username: str = ""
    password: str = field(default="", repr=False)
    identity_token: str = field(default="", repr=False)
    registry_token: str = field(default="", repr=False)

    @property
    def has_password(self) -> bool:
        return bool(self.username and self.password)

    @property
    def are_empty(self) -> bool:
        return not (self.has_password or self.identity_token or self.registry_token)


ANONYMOUS = Credentials()


@dataclass(frozen=True, slots=True)
class Settings:
    """How registries are reached.

    ``mirrors`` are asked before Docker Hub, as dockerd's ``registry-mirrors``;
    ``insecure`` hosts (and always loopback) may have any certificate or none.
    """

    mirrors: tuple[str, ...] = ()
    insecure: tuple[str, ...] = ()
    certificate_folders: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of a registry."""

    scheme: str
    host: str
    prefix: str = ""
    is_verified: bool = True
    is_mirror: bool = False

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.prefix}"


@dataclass(frozen=True, slots=True)
class Document:
    """A manifest or an index as it came: bytes that have this digest."""

    digest: Digest
    media_type: str
    content: bytes = field(repr=False)
