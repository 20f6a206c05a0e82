"""OCI and Docker image documents, as types.

After the OCI image specification v1.1 and Docker's manifest schema 2, which differ in
media types only. Keys of the configuration's inner part are Docker's ``PascalCase``.
"""

from dataclasses import dataclass, field
from typing import Any

from labkit.base.codec import key
from labkit.base.digest import Digest

OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
OCI_LAYER = "application/vnd.oci.image.layer.v1.tar"
OCI_LAYER_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip"
OCI_LAYER_ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"
DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar"
DOCKER_LAYER_GZIP = "application/vnd.docker.image.rootfs.diff.tar.gzip"


@dataclass(frozen=True, slots=True)
class Platform:
    architecture: str
    os: str
    variant: str | None = None


@dataclass(frozen=True, slots=True)
class Descriptor:
    """Points at a blob: what it is, how many bytes, and their digest."""

    media_type: str
    digest: Digest
    size: int
    platform: Platform | None = None
    annotations: dict[str, str] = field(
        default_factory=dict, metadata={"omit_empty": True}
    )


@dataclass(frozen=True, slots=True)
class Manifest:
    """One image for one platform: a configuration and its layers, lowest first."""

    config: Descriptor
    layers: tuple[Descriptor, ...]
    schema_version: int = 2
    media_type: str | None = None
    annotations: dict[str, str] = field(
        default_factory=dict, metadata={"omit_empty": True}
    )


@dataclass(frozen=True, slots=True)
class Index:
    """The same image for several platforms."""

    manifests: tuple[Descriptor, ...]
    schema_version: int = 2
    media_type: str | None = None
    annotations: dict[str, str] = field(
        default_factory=dict, metadata={"omit_empty": True}
    )


@dataclass(frozen=True, slots=True)
class Healthcheck:
    """How to ask a container whether it is well; times are nanoseconds."""

    test: tuple[str, ...] = field(default=(), metadata=key("Test"))
    interval: int = field(default=0, metadata=key("Interval", omit_empty=True))
    timeout: int = field(default=0, metadata=key("Timeout", omit_empty=True))
    start_period: int = field(default=0, metadata=key("StartPeriod", omit_empty=True))
    start_interval: int = field(
        default=0, metadata=key("StartInterval", omit_empty=True)
    )
    retries: int = field(default=0, metadata=key("Retries", omit_empty=True))


@dataclass(frozen=True, slots=True)
class ContainerDefaults:
    """The ``config`` part of an image's configuration: what a container starts from.

    ``None`` and an empty tuple differ for ``entrypoint`` and ``cmd`` as in Docker:
    absent against cleared.
    """

    user: str = field(default="", metadata=key("User", omit_empty=True))
    exposed_ports: dict[str, Any] = field(
        default_factory=dict, metadata=key("ExposedPorts", omit_empty=True)
    )
    env: tuple[str, ...] = field(default=(), metadata=key("Env", omit_empty=True))
    entrypoint: tuple[str, ...] | None = field(default=None, metadata=key("Entrypoint"))
    cmd: tuple[str, ...] | None = field(default=None, metadata=key("Cmd"))
    volumes: dict[str, Any] = field(
        default_factory=dict, metadata=key("Volumes", omit_empty=True)
    )
    working_dir: str = field(default="", metadata=key("WorkingDir", omit_empty=True))
    labels: dict[str, str] = field(
        default_factory=dict, metadata=key("Labels", omit_empty=True)
    )
    stop_signal: str = field(default="", metadata=key("StopSignal", omit_empty=True))
    healthcheck: Healthcheck | None = field(default=None, metadata=key("Healthcheck"))
    shell: tuple[str, ...] = field(default=(), metadata=key("Shell", omit_empty=True))
    on_build: tuple[str, ...] = field(
        default=(), metadata=key("OnBuild", omit_empty=True)
    )
    image: str = field(default="", metadata=key("Image", omit_empty=True))


@dataclass(frozen=True, slots=True)
class RootFs:
    type: str = "layers"
    diff_ids: tuple[Digest, ...] = field(default=(), metadata=key("diff_ids"))


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    created: str | None = None
    created_by: str | None = field(default=None, metadata=key("created_by"))
    author: str | None = None
    comment: str | None = None
    empty_layer: bool = field(
        default=False, metadata=key("empty_layer", omit_empty=True)
    )


@dataclass(frozen=True, slots=True)
class ImageConfig:
    """An image's configuration; the digest of its bytes is the image's id."""

    architecture: str
    os: str
    config: ContainerDefaults = field(default_factory=ContainerDefaults)
    rootfs: RootFs = field(default_factory=RootFs)
    history: tuple[HistoryEntry, ...] = ()
    created: str | None = None
    author: str | None = None
    variant: str | None = None
    os_version: str | None = field(default=None, metadata=key("os.version"))
    # Docker's own, for images made of a container: which one, and how it was set up.
    container: str | None = None
    container_config: ContainerDefaults | None = field(
        default=None, metadata=key("container_config")
    )
