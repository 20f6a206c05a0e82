"""What ``docker system df -v`` tells of the build cache."""

from __future__ import annotations

from labkit.base.units import human_size
from labkit.docker_cli.tables import Subject
from labkit.docker_cli.template.printing import show
from labkit.docker_cli.texts import short_id
from labkit.docker_cli.units import ago, parse_rfc3339

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.json_text import Json


def _id(item: Json, cut: bool) -> str:
    identity = str(item["ID"])
    shown = short_id(identity) if cut else identity
    return f"{shown}*" if item["InUse"] else shown


def _last_used(item: Json, cut: bool) -> str:
    used = item.get("LastUsedAt")
    return ago(parse_rfc3339(used)) if used else ""


BUILD_CACHE = Subject(
    "formatter.buildCacheContext",
    {
        "ID": ("CACHE ID", _id),
        "Parent": ("PARENT", lambda c, cut: c.get("Parent", "")),
        "CacheType": ("CACHE TYPE", lambda c, cut: c["Type"]),
        "Description": ("DESCRIPTION", lambda c, cut: c.get("Description", "")),
        "Size": ("SIZE", lambda c, cut: human_size(c["Size"], 3)),
        "CreatedAt": ("CREATED AT", lambda c, cut: c["CreatedAt"]),
        "CreatedSince": ("CREATED", lambda c, cut: ago(parse_rfc3339(c["CreatedAt"]))),
        "LastUsedAt": ("LAST USED AT", lambda c, cut: c.get("LastUsedAt", "")),
        "LastUsedSince": ("LAST USED", _last_used),
        "UsageCount": ("USAGE", lambda c, cut: str(c["UsageCount"])),
        "InUse": ("IN USE", lambda c, cut: show(c["InUse"])),
        "Shared": ("SHARED", lambda c, cut: show(c["Shared"])),
    },
)
