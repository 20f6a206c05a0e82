"""``docker system df``."""

from __future__ import annotations

from labkit.base.units import human_size
from labkit.docker_cli.arguments import NONE
from labkit.docker_cli.container.summary import CONTAINERS
from labkit.docker_cli.image.summary import IMAGES, is_dangling
from labkit.docker_cli.image.summary import NONE as NO_NAME
from labkit.docker_cli.listing import render
from labkit.docker_cli.system.build_cache import BUILD_CACHE
from labkit.docker_cli.tables import Subject
from labkit.docker_cli.volume.ls import VOLUMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.json_text import Json

ARGUMENTS = NONE

_COLUMNS = ("Type", "TotalCount", "Active", "Size", "Reclaimable")
_IMAGES = (
    "Repository", "Tag", "ID", "CreatedSince", "Size", "SharedSize", "UniqueSize",
    "Containers",
)  # fmt: skip
_CONTAINERS = (
    "ID", "Image", "Command", "LocalVolumes", "Size", "RunningFor", "Status", "Names",
)  # fmt: skip
_VOLUMES = ("Name", "Links", "Size")
_CACHE = (
    "ID",
    "CacheType",
    "Size",
    "CreatedSince",
    "LastUsedSince",
    "UsageCount",
    "Shared",
)

USAGE = Subject(
    "formatter.diskUsageImagesContext",
    {
        "Type": ("TYPE", lambda u, cut: u["Type"]),
        "TotalCount": ("TOTAL", lambda u, cut: str(u["TotalCount"])),
        "Active": ("ACTIVE", lambda u, cut: str(u["Active"])),
        "Size": ("SIZE", lambda u, cut: human_size(u["Size"])),
        "Reclaimable": ("RECLAIMABLE", lambda u, cut: _reclaimable(u)),
    },
)


def run(cli: Cli, call: Call) -> int:
    """Say what takes how much of the disk."""
    found = cli.client.get("/system/df")
    layout = call.values.text("format")
    if call.values.on("verbose") and layout in ("", "table"):
        _verbose(cli, found)
        return 0
    usage = [_images(found), _containers(found), _volumes(found), _cache(found)]
    cli.write(render(USAGE, usage, _COLUMNS if layout in ("", "table") else layout))
    return 0


def _reclaimable(usage: Json) -> str:
    text = human_size(usage["Reclaimable"])
    if usage["Size"] > 0 and not usage.get("WithoutPercent"):
        return f"{text} ({usage['Reclaimable'] * 100 // usage['Size']}%)"
    return text


def _usage(kind: str, total: int, active: int, size: int, free: int) -> Json:
    return {
        "Type": kind,
        "TotalCount": total,
        "Active": active,
        "Size": size,
        "Reclaimable": free,
    }


def _images(found: Json) -> Json:
    images = found.get("Images") or []
    used = sum(
        image["Size"] - image["SharedSize"]
        for image in images
        if image["Containers"] > 0 and image["Size"] != -1 and image["SharedSize"] != -1
    )
    active = sum(image["Containers"] > 0 for image in images)
    size = found["LayersSize"]
    return _usage("Images", len(images), active, size, size - used)


def _containers(found: Json) -> Json:
    containers = found.get("Containers") or []
    running = ("running", "paused", "restarting")
    active = [c for c in containers if _is_active(c, running)]
    size = sum(c.get("SizeRw", 0) for c in containers)
    free = sum(c.get("SizeRw", 0) for c in containers if not _is_active(c, running))
    return _usage("Containers", len(containers), len(active), size, free)


def _is_active(container: Json, running: tuple[str, ...]) -> bool:
    return container["State"] in running


def _volumes(found: Json) -> Json:
    volumes = found.get("Volumes") or []
    usages = [v.get("UsageData") or {"RefCount": 0, "Size": 0} for v in volumes]
    size = sum(u["Size"] for u in usages if u["Size"] != -1)
    free = sum(u["Size"] for u in usages if u["Size"] != -1 and not u["RefCount"])
    active = sum(u["RefCount"] > 0 for u in usages)
    return _usage("Local Volumes", len(volumes), active, size, free)


def _cache(found: Json) -> Json:
    caches = found.get("BuildCache") or []
    size = sum(c["Size"] for c in caches if not c["Shared"])
    free = sum(c["Size"] for c in caches if not c["Shared"] and not c["InUse"])
    active = sum(c["InUse"] for c in caches)
    usage = _usage("Build Cache", len(caches), active, size, free)
    return {**usage, "WithoutPercent": True}


def _verbose(cli: Cli, found: Json) -> None:
    images = [_named(image) for image in found.get("Images") or []]
    cli.write("Images space usage:\n\n" + render(IMAGES, images, _IMAGES))
    containers = [{**c, "SizeRootFs": 0} for c in found.get("Containers") or []]
    cli.write("\nContainers space usage:\n\n")
    cli.write(render(CONTAINERS, containers, _CONTAINERS))
    cli.write("\nLocal Volumes space usage:\n\n")
    cli.write(render(VOLUMES, found.get("Volumes") or [], _VOLUMES))
    size = _cache(found)["Size"]
    cli.write(f"\nBuild cache usage: {human_size(size)}\n\n")
    cli.write(render(BUILD_CACHE, found.get("BuildCache") or [], _CACHE))


def _named(image: Json) -> Json:
    repository, tag = NO_NAME, NO_NAME
    if not is_dangling(image) and image.get("RepoTags"):
        repository, _, tag = image["RepoTags"][0].rpartition(":")
    return {**image, "Repository": repository, "Tag": tag, "Digest": ""}
