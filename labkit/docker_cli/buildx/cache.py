"""``docker buildx du`` and ``prune``: the build cache."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from labkit.base.durations import human_duration
from labkit.base.units import human_size, parse_bytes
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.flags import Command, Flag, Given, Kind
from labkit.docker_cli.buildx.shop import Shop

_BUILDER = Flag("builder", Kind.TEXT, "Override the configured builder instance")
_FILTER = Flag("filter", Kind.TEXTS, "Provide filter values")
_VERBOSE = Flag("verbose", Kind.BOOL, "Provide a more verbose output")
DU = Command("docker buildx du", "Disk usage", (_BUILDER, _FILTER, _VERBOSE))
PRUNE = Command(
    "docker buildx prune",
    "Remove build cache",
    (
        _BUILDER,
        _FILTER,
        _VERBOSE,
        Flag("all", Kind.BOOL, "Include internal/frontend images", "a"),
        Flag("force", Kind.BOOL, "Do not prompt for confirmation", "f"),
        Flag("keep-storage", Kind.TEXT),
        Flag(
            "reserved-space", Kind.TEXT, "Amount of disk space always allowed to keep"
        ),
        Flag(
            "max-used-space", Kind.TEXT, "Maximum amount of disk space allowed to keep"
        ),
        Flag(
            "min-free-space",
            Kind.TEXT,
            "Target amount of free disk space after pruning",
        ),
    ),
)
_ALL = "all build cache"
_DANGLING = "all dangling build cache"
_SPACES = ("keep-storage", "reserved-space", "max-used-space", "min-free-space")
_HEADS = ("ID", "RECLAIMABLE", "SIZE", "LAST ACCESSED")
_TEXTS = {"id": "ID", "type": "Type", "description": "Description"}
_TRUTHS = {"inuse": "InUse", "shared": "Shared"}
_TAB = 8


def du(shop: Shop, given: Given) -> int:
    """Say what the cache holds."""
    filters = given.texts("filter")
    records = [one for one in _records(shop) if _matches(one, filters)]
    _tell(records, given, with_heads=True)
    if filters:
        return 0
    free = sum(one.get("Size", 0) for one in records if not one.get("InUse"))
    total = sum(one.get("Size", 0) for one in records)
    sums = [("Reclaimable:", human_size(free)), ("Total:", human_size(total))]
    if shared := sum(one.get("Size", 0) for one in records if one.get("Shared")):
        rest = human_size(total - shared)
        sums[:0] = [("Shared:", human_size(shared)), ("Private:", rest)]
    sys.stdout.write(_columns(sums))
    return 0


def prune(shop: Shop, given: Given) -> int:
    """Remove what nobody uses, or all of it."""
    if not given.is_set("force") and not _agreed(
        _ALL if given.is_set("all") else _DANGLING
    ):
        return 0
    query: dict[str, Any] = {"all": "1"} if given.is_set("all") else {}
    filters: dict[str, list[str]] = {}
    for text in given.texts("filter"):
        name, _, value = text.partition("=")
        filters.setdefault(name, []).append(value)
    if filters:
        query["filters"] = json.dumps(filters)
    for name in _SPACES:
        if value := given.text(name):
            query[name] = _space(name, value)
    known = {one["ID"]: one for one in _records(shop)}
    answer = shop.engine.post("/build/prune", query)
    gone = [known.get(one, {"ID": one}) for one in answer.get("CachesDeleted") or ()]
    _tell(gone, given, with_heads=bool(gone))
    total = human_size(answer.get("SpaceReclaimed") or 0)
    sys.stdout.write(_columns([("Total:", total)]))
    return 0


def _records(shop: Shop) -> list[Any]:
    found = shop.engine.get("/system/df", {"type": "build-cache"})
    return list(found.get("BuildCache") or ())


def _tell(records: list[Any], given: Given, *, with_heads: bool) -> None:
    if given.is_set("verbose"):
        sys.stdout.write("".join(f"{_details(one)}\n" for one in records))
    else:
        heads = [_HEADS] if with_heads else []
        sys.stdout.write(_columns([*heads, *map(_row, records)]))


def _columns(rows: Sequence[Sequence[str]]) -> str:
    """Set rows in columns with tabs between, as Go's ``tabwriter`` does for buildx."""
    if not rows:
        return ""
    lines = [""] * len(rows)
    *columns, last = zip(*rows, strict=True)
    for column in columns:
        width = (max(map(len, column)) // _TAB + 1) * _TAB
        for at, cell in enumerate(column):
            lines[at] += cell + "\t" * -(-(width - len(cell)) // _TAB)
    return "".join(f"{line}{cell}\n" for line, cell in zip(lines, last, strict=True))


def _space(name: str, text: str) -> int:
    try:
        return parse_bytes(text)
    except ValueError as error:
        raise BuildxError(
            f'invalid argument "{text}" for "--{name}" flag: {error}'
        ) from error


def _agreed(what: str) -> bool:
    sys.stdout.write(
        f"WARNING! This will remove {what}. Are you sure you want to continue? [y/N] "
    )
    sys.stdout.flush()
    return sys.stdin.isatty() and sys.stdin.readline().strip().lower() in ("y", "yes")


def _matches(record: dict[str, Any], filters: Sequence[str]) -> bool:
    """Tell whether a record is meant by ``name=``, ``name~=`` (in it) and ``name!=``.

    Raises:
        BuildxError: a filter is none.
    """
    return all(_is_meant(record, *text.partition("=")) for text in filters)


def _is_meant(record: dict[str, Any], word: str, equals: str, value: str) -> bool:
    name = word.rstrip("~!")
    if not equals:
        raise BuildxError(f"invalid filter '{word}': it has to be name=value")
    if name in ("until", "unused-for"):
        return True  # it is about what is removed
    if name in _TRUTHS:
        return bool(record.get(_TRUTHS[name])) == (value in ("", "1", "true"))
    if name == "private":
        return bool(record.get("Shared")) != (value in ("", "1", "true"))
    if name not in _TEXTS:
        known = ", ".join((*_TEXTS, *_TRUTHS, "private"))
        raise BuildxError(f"filter {name!r} isn't supported here: {known}")
    found = str(record.get(_TEXTS[name], ""))
    if word.endswith("!"):
        return found != value
    return value in found if word.endswith("~") or name == "id" else found == value


def _row(record: dict[str, Any]) -> tuple[str, ...]:
    return (
        f"{record['ID']:<40}",
        f"{'false' if record.get('InUse') else 'true':<5}",
        f"{_size(record):<10}",
        _ago(record.get("LastUsedAt") or record.get("CreatedAt")),
    )


def _size(record: dict[str, Any]) -> str:
    shared = "*" if record.get("Shared") else ""
    return f"{human_size(record.get('Size', 0))}{shared}"


def _details(record: dict[str, Any]) -> str:
    """Say all of a record; what isn't known has no line."""
    rows = (
        ("ID:", record["ID"]),
        ("Parent:", ",".join(record.get("Parents") or ())),
        ("Created at:", record.get("CreatedAt", "")),
        ("Mutable:", "false"),
        ("Reclaimable:", "false" if record.get("InUse") else "true"),
        ("Shared:", str(bool(record.get("Shared"))).lower()),
        ("Size:", human_size(record.get("Size", 0))),
        ("Description:", record.get("Description", "")),
        ("Usage count:", str(record.get("UsageCount", 0))),
        ("Last used:", _ago(record.get("LastUsedAt"))),
        ("Type:", record.get("Type", "")),
    )
    return _columns([row for row in rows if row[1]])


def _ago(text: str | None) -> str:
    if not text:
        return ""
    passed = datetime.now(UTC) - datetime.fromisoformat(text)
    return f"{human_duration(int(passed.total_seconds() * 10**9))} ago"


COMMANDS = {"du": (DU, du), "prune": (PRUNE, prune)}
