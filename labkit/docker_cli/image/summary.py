"""What ``docker images`` tells of an image: a row a tag, each column by its name."""

from __future__ import annotations

from labkit.base.units import human_size
from labkit.docker_cli.tables import Subject
from labkit.docker_cli.texts import short_id
from labkit.docker_cli.units import ago, go_time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.json_text import Json

NONE = "<none>"


def is_dangling(image: Json) -> bool:
    """Say whether an image has no name at all."""
    tags, digests = image.get("RepoTags") or [], image.get("RepoDigests") or []
    if not tags and not digests:
        return True
    return tags == ["<none>:<none>"] and digests == ["<none>@<none>"]


def rows_of(images: list[Json], with_digests: bool) -> list[Json]:
    """Return a row for each name of each image; ``with_digests`` for each "
    "digest too."""
    rows: list[Json] = []
    for image in images:
        names = [(NONE, NONE, NONE)]
        if not is_dangling(image):
            names = _names(image, with_digests)
        rows += [
            {**image, "Repository": repo, "Tag": tag, "Digest": digest}
            for repo, tag, digest in names
        ]
    return rows


def _names(image: Json, with_digests: bool) -> list[tuple[str, str, str]]:
    tags: dict[str, list[str]] = {}
    for name in image.get("RepoTags") or []:
        repository, _, tag = name.rpartition(":")
        tags.setdefault(repository, []).append(tag)
    digests: dict[str, list[str]] = {}
    for name in image.get("RepoDigests") or []:
        repository, _, digest = name.partition("@")
        digests.setdefault(repository, []).append(digest)
    rows = []
    for repository, of_it in tags.items():
        known = digests.pop(repository, [])
        for tag in of_it:
            shown = known if with_digests and known else [NONE]
            rows += [(repository, tag, digest) for digest in shown]
    for repository, of_it in digests.items():
        shown = of_it if with_digests else [""]
        rows += [(repository, NONE, digest) for digest in shown]
    return rows


def _counted(image: Json, key: str) -> str:
    value = image.get(key, -1)
    return "N/A" if value == -1 else str(value)


def _shared(image: Json, truncated: bool) -> str:
    value = image.get("SharedSize", -1)
    return "N/A" if value == -1 else human_size(value, 4)


def _unique(image: Json, truncated: bool) -> str:
    shared = image.get("SharedSize", -1)
    if shared == -1 or image["Size"] == -1:
        return "N/A"
    return human_size(image["Size"] - shared, 4)


IMAGES = Subject(
    "formatter.imageContext",
    {
        "ID": ("IMAGE ID", lambda i, cut: short_id(i["Id"]) if cut else i["Id"]),
        "Repository": ("REPOSITORY", lambda i, cut: i["Repository"]),
        "Tag": ("TAG", lambda i, cut: i["Tag"]),
        "Digest": ("DIGEST", lambda i, cut: i["Digest"]),
        "CreatedSince": ("CREATED", lambda i, cut: ago(i["Created"])),
        "CreatedAt": ("CREATED AT", lambda i, cut: go_time(i["Created"])),
        "Size": ("SIZE", lambda i, cut: human_size(i["Size"], 3)),
        "Containers": ("CONTAINERS", lambda i, cut: _counted(i, "Containers")),
        "VirtualSize": ("VIRTUAL SIZE", lambda i, cut: human_size(i["Size"], 3)),
        "SharedSize": ("SHARED SIZE", _shared),
        "UniqueSize": ("UNIQUE SIZE", _unique),
    },
)
