"""Images as ``docker image inspect``, ``images`` and ``load`` show them."""

from typing import Any

from labkit.api.present.containers import describe_healthcheck
from labkit.api.present.progress import progress_bar
from labkit.api.versions import ApiVersion
from labkit.engine.images.list import ImageSummary
from labkit.engine.images.remove import Removed
from labkit.images.model import (
    HistoryLine,
    Image,
    ImageLoaded,
    LayerLoading,
    LoadEvent,
    NameMoved,
)
from labkit.spec.image import ContainerDefaults

_SECOND_NS = 1_000_000_000
_EMPTY_LISTS = ApiVersion(1, 43)
_NO_VIRTUAL_SIZE = ApiVersion(1, 44)
_NO_CONTAINER_CONFIG = ApiVersion(1, 45)


def describe_image(image: Image, version: ApiVersion) -> dict[str, Any]:
    """Spell everything: ``GET /images/{name}/json``."""
    config = image.config
    body: dict[str, Any] = {
        "Id": image.id.text,
        "RepoTags": [name.familiar for name in image.names],
        "RepoDigests": [digest.familiar for digest in image.repo_digests],
        "Parent": image.parent.text if image.parent else "",
        "Comment": (config.history[-1].comment or "") if config.history else "",
        "Created": config.created or "0001-01-01T00:00:00Z",
        "DockerVersion": "",
        "Author": config.author or "",
        "Config": describe_defaults(config.config),
        "Architecture": config.architecture,
        "Os": config.os,
        "Size": image.size,
        "GraphDriver": {"Data": None, "Name": "overlay2"},
        "RootFS": {
            "Type": config.rootfs.type,
            "Layers": [digest.text for digest in config.rootfs.diff_ids],
        },
        "Metadata": {"LastTagTime": "0001-01-01T00:00:00Z"},
    }
    if config.variant:
        body["Variant"] = config.variant
    if version < _NO_CONTAINER_CONFIG:
        body |= {
            "Container": config.container or "",
            "ContainerConfig": describe_defaults(
                config.container_config or ContainerDefaults()
            ),
        }
    if version < _NO_VIRTUAL_SIZE:
        body["VirtualSize"] = image.size
    return body


def describe_defaults(config: ContainerDefaults) -> dict[str, Any]:
    """Spell an image's ``Config``, which Go makes of a container's."""
    body: dict[str, Any] = {
        "Hostname": "",
        "Domainname": "",
        "User": config.user,
        "AttachStdin": False,
        "AttachStdout": False,
        "AttachStderr": False,
        "Tty": False,
        "OpenStdin": False,
        "StdinOnce": False,
        "Env": list(config.env) or None,
        "Cmd": _maybe_list(config.cmd),
        "Image": config.image,
        "Volumes": dict(config.volumes) or None,
        "WorkingDir": config.working_dir,
        "Entrypoint": _maybe_list(config.entrypoint),
        "OnBuild": list(config.on_build) or None,
        "Labels": dict(config.labels) or None,
    }
    optional: dict[str, Any] = {
        "ExposedPorts": dict(config.exposed_ports),
        "Healthcheck": describe_healthcheck(config.healthcheck),
        "StopSignal": config.stop_signal,
        "Shell": list(config.shell),
    }
    return body | {name: value for name, value in optional.items() if value}


def describe_summary(summary: ImageSummary, version: ApiVersion) -> dict[str, Any]:
    """Spell one row of ``GET /images/json``."""
    image = summary.image
    tags = [name.familiar for name in image.names]
    digests = [digest.familiar for digest in image.repo_digests]
    if version < _EMPTY_LISTS and not tags:
        tags, digests = ["<none>:<none>"], digests or ["<none>@<none>"]
    body: dict[str, Any] = {
        "Containers": -1,  # counted by ``system df`` only
        "Created": image.created_ns // _SECOND_NS,
        "Id": image.id.text,
        "Labels": dict(image.config.config.labels) or None,
        "ParentId": image.parent.text if image.parent else "",
        "RepoDigests": digests,
        "RepoTags": tags,
        "SharedSize": -1,
        "Size": image.size,
    }
    if version < _NO_VIRTUAL_SIZE:
        body["VirtualSize"] = image.size
    return body


def describe_history(line: HistoryLine) -> dict[str, Any]:
    return {
        "Comment": line.comment,
        "Created": line.created_ns // _SECOND_NS,
        "CreatedBy": line.created_by,
        "Id": line.id.text if line.id else "<missing>",
        "Size": line.size,
        "Tags": [tag.familiar for tag in line.tags] or None,
    }


def describe_removal(removed: Removed) -> dict[str, str]:
    """Spell one step of a removal: a name that went, or an image."""
    if removed.untagged:
        return {"Untagged": removed.untagged}
    return {"Deleted": removed.deleted}


def describe_load(event: LoadEvent, quiet: bool) -> dict[str, Any] | None:
    """Spell one line of ``docker load``; None where Docker says nothing."""
    if isinstance(event, ImageLoaded):
        if event.name is None:
            return {"stream": f"Loaded image ID: {event.image.id}\n"}
        return {"stream": f"Loaded image: {event.name.familiar}\n"}
    if isinstance(event, NameMoved):
        return {
            "stream": f"The image {event.name.familiar} already exists, renaming the "
            f"old one with ID {event.previous} to empty string\n"
        }
    return None if quiet else _layer_progress(event)


def _layer_progress(event: LayerLoading) -> dict[str, Any]:
    line: dict[str, Any] = {"status": "Loading layer", "progressDetail": {}}
    if event.total:
        detail = {"current": event.current, "total": event.total}
        line["progressDetail"] = detail
        line["progress"] = progress_bar(event.current, event.total)
    return {**line, "id": event.diff_id.short}


def _maybe_list(value: tuple[str, ...] | None) -> list[str] | None:
    return None if value is None else list(value)
