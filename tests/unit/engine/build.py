"""Container records by keyword, for tests that need no engine."""

from typing import Any

from labkit.engine.model import Container, ContainerConfig, HostConfig

ID = "ab" * 32


def container(
    config: ContainerConfig | None = None,
    host: HostConfig | None = None,
    **changes: Any,
) -> Container:
    """Make a record in which only what the test is about is said."""
    fields: dict[str, Any] = {
        "id": ID,
        "name": "web",
        "created_at": 1,
        "image_id": "sha256:" + "0" * 64,
        "path": "sh",
        "args": (),
        **changes,
    }
    return Container(
        config=config or ContainerConfig(hostname="box"),
        host_config=host or HostConfig(),
        **fields,
    )
