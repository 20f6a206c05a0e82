"""Records that tests of the presentation start from."""

from typing import Any

from labkit.base.digest import Digest
from labkit.base.reference import parse_reference
from labkit.engine.model import (
    Attachment,
    Container,
    ContainerConfig,
    EndpointRequest,
    HostConfig,
)
from labkit.images.model import Image
from labkit.network.model import Endpoint
from labkit.spec.image import ContainerDefaults, ImageConfig

ID = "ab" * 32
SECOND = 1_000_000_000
MIDNIGHT = 1_767_312_000 * SECOND  # 2026-01-02T00:00:00Z


def make_container(**changes: Any) -> Container:
    values: dict[str, Any] = {
        "id": ID,
        "name": "web",
        "created_at": MIDNIGHT,
        "image_id": "sha256:" + "c" * 64,
        "config": ContainerConfig(image="busybox", hostname="abababababab"),
        "host_config": HostConfig(),
        "path": "sleep",
        "args": ("9",),
    }
    return Container(**{**values, **changes})


def make_attachment(name: str = "net", **request: Any) -> Attachment:
    endpoint = Endpoint(
        id="e" * 64,
        network_id="d" * 64,
        container_id=ID,
        mac_address="02:42:0a:00:00:02",
        ipv4="10.0.0.2",
        ipv4_prefix=24,
        gateway="10.0.0.1",
    )
    return Attachment("d" * 64, name, EndpointRequest(**request), endpoint)


def make_image(*names: str, **defaults: Any) -> Image:
    return Image(
        id=Digest("sha256:" + "c" * 64),
        config=ImageConfig("amd64", "linux", ContainerDefaults(**defaults)),
        names=tuple(parse_reference(name) for name in names),
        repo_digests=(),
        size=1234,
        created_ns=MIDNIGHT,
        chain_ids=(),
    )
