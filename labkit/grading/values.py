"""Values that differ from learner to learner: names, ports, words.

An exercise says ``values: {net: {name: shop}}`` and writes ``${net}`` in its texts
and checks; scripts find ``$net`` in their environment. What a learner gets follows
from their seed, the exercise and the value's name alone, so that a second check, a
reset and an instructor with the same seed see the same values.

    name: PREFIX          PREFIX-otter         a name for a container, network, volume
    word: ~               quartz               a word
    port: ~               20374                a port of the exercise's own block
    number: [1, 9]        7                    a number of that range
    choice: [a, b]        b                    one of these
    password: ~           k3tamf9w             eight letters and digits
"""

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from labkit.base.errors import InvalidInputError
from labkit.base.files import write_atomically
from labkit.grading.source import Place

FIRST_PORT = 18000
PORTS_PER_EXERCISE = 40
"""Each exercise has a block of its own, so that all can stand solved side by side."""
_PLACEHOLDER = re.compile(r"\$\{([a-z][a-z0-9_]*)\}")
_PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_WORD_LIST = (
    "amber anchor aspen badger basalt beacon birch breeze canyon cedar cobalt comet "
    "coral crane delta dune ember falcon fern fjord flint garnet glacier grove harbor "
    "heron indigo island jasper juniper kestrel lagoon lantern lark maple marble "
    "meadow mesa nectar nimbus oasis onyx orchid osprey otter pebble pine plover "
    "prairie quartz quill raven reef ridge saffron sierra spruce summit tundra "
    "valley walnut willow wren zephyr"
)
_WORDS = tuple(_WORD_LIST.split())


def make_values(
    recipes: Mapping[str, Mapping[str, Any]], seed: str, exercise: str
) -> dict[str, str]:
    """Make an exercise's values for one learner.

    Two values of one exercise never get the same word or port.
    """
    values: dict[str, str] = {}
    for name, recipe in recipes.items():
        taken = set(values.values())
        for attempt in range(1000):
            draw = _draw(f"{seed}/{exercise}/{name}/{attempt}")
            value = _make(recipe, exercise, draw)
            if value not in taken:
                break
        values[name] = value
    return values


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in the place of ``${name}``; a name without value is an error."""

    def one(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values:
            known = ", ".join(sorted(values)) or "none"
            raise InvalidInputError(f"unknown value ${{{name}}} (known: {known})")
        return values[name]

    return _PLACEHOLDER.sub(one, text)


def fill_tree(tree: Any, values: Mapping[str, str]) -> Any:
    """Fill every text of a parsed document, keys included."""
    return change_texts(tree, lambda text, _: fill(text, values))


def change_texts(
    tree: Any, change: Callable[[str, Place], str], place: Place = ()
) -> Any:
    """Change every text of a parsed document, keys included, each with its place."""
    if isinstance(tree, str):
        return change(tree, place)
    if isinstance(tree, dict):
        return {
            change_texts(key, change, (*place, key)): change_texts(
                item, change, (*place, key)
            )
            for key, item in tree.items()
        }
    if isinstance(tree, list):
        return [
            change_texts(item, change, (*place, index))
            for index, item in enumerate(tree)
        ]
    return tree


def learner_seed(home: Path) -> str:
    """Return the learner's seed, which is made at the first call and kept.

    Raises:
        InvalidInputError: its file holds none: another one would ask for other names,
            and whatever was solved would seem to be missing.
    """
    path = home / "seed"
    try:
        text = path.read_text("utf-8", "replace")
    except FileNotFoundError:
        make_seed(path)
        text = path.read_text("utf-8", "replace")
    seed = text.strip()
    if _SEED.fullmatch(seed):
        return seed
    raise InvalidInputError(
        f"{path} holds no seed: put it back from a copy, or remove it to get a new "
        "one, and with it other names, words and ports"
    )


def make_seed(path: Path, link: Callable[[Path, Path], None] = os.link) -> None:
    """Make a seed whole or not at all; of two who make one, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    write_atomically(draft, f"{secrets.token_hex(8)}\n".encode(), mode=0o644)
    try:
        link(draft, path)
    except FileExistsError:
        draft.unlink()
    except OSError:  # a file system without hard links: the last one's stays
        draft.replace(path)
    else:
        draft.unlink()


_SEED = re.compile(r"[!-~]{1,100}")
"""One word, as it is made; a course may hand out its own."""


def _draw(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")


def _make(recipe: Mapping[str, Any], exercise: str, draw: int) -> str:
    ((kind, detail),) = recipe.items()
    word = _WORDS[draw % len(_WORDS)]
    match kind:
        case "name":
            return f"{detail}-{word}"
        case "word":
            return word
        case "port":
            return str(_first_port(exercise) + draw % PORTS_PER_EXERCISE)
        case "number":
            low, high = detail
            return str(low + draw % (high - low + 1))
        case "choice":
            return str(detail[draw % len(detail)])
        case "password":
            return _password(draw)
        case _:
            raise InvalidInputError(f"unknown kind of value {kind!r}")


def _first_port(exercise: str) -> int:
    """Return the first port of an exercise's block: by chapter and number."""
    match = re.fullmatch(r"c(\d\d)-e(\d+)", exercise)
    slot = int(match[1]) * 10 + int(match[2]) % 10 if match else 0
    return FIRST_PORT + slot * PORTS_PER_EXERCISE


def _password(draw: int) -> str:
    letters = []
    for _ in range(8):
        draw, rest = divmod(draw, len(_PASSWORD_LETTERS))
        letters.append(_PASSWORD_LETTERS[rest])
    return "".join(letters)
