"""Small texts that several listings share."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.json_text import Json

_SHORT_ID = 12


def short_id(identity: str) -> str:
    """Return the twelve letters that people see of an id."""
    _, found, digest = identity.partition(":")
    return (digest if found else identity)[:_SHORT_ID]


def ellipsis(text: str, width: int) -> str:
    """Return a text cut to a width, its last letter then an ellipsis."""
    return text if len(text) <= width else text[: width - 1] + "…"


def joined_labels(labels: Json) -> str:
    """Return ``a=1,b=2``."""
    return ",".join(sorted(f"{name}={value}" for name, value in (labels or {}).items()))


def label_of(item: Json, name: str) -> str:
    """Return one label, or nothing."""
    return str((item.get("Labels") or {}).get(name, ""))


def natural(text: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts ``web2`` before ``web10``."""
    parts: list[tuple[int, int, str]] = []
    digits = ""
    for letter in text + "\0":
        if letter.isdigit():
            digits += letter
            continue
        if digits:
            parts.append((0, int(digits), ""))
            digits = ""
        parts.append((1, 0, letter))
    return parts


def pairs_map(pairs: list[str]) -> dict[str, str]:
    """Return ``a=1`` and ``b`` as a map; what has no value has an empty one."""
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs)}
