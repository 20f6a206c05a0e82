"""Records survive the way to JSON and back, and errors say where."""

import enum
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.base.codec import camel_case, decode, encode, key, prepare, same_name
from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Leaf:
    user_name: str
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Tree:
    size: int
    colour: Colour = Colour.RED
    leaves: tuple[Leaf, ...] = ()
    by_name: dict[str, Leaf] = field(default_factory=dict)
    container_id: str | None = field(default=None, metadata=key("containerID"))
    labels: dict[str, str] = field(
        default_factory=dict, metadata=key("labels", omit_empty=True)
    )
    digest: Digest | None = None
    anything: Any = None
    done: bool = False


LEAVES = st.builds(Leaf, st.text(), st.floats(allow_nan=False))
TREES = st.builds(
    Tree,
    st.integers(),
    st.sampled_from(Colour),
    st.lists(LEAVES).map(tuple),
    st.dictionaries(st.text(), LEAVES),
    st.none() | st.text(),
    st.dictionaries(st.text(), st.text()),
    st.none() | st.binary().map(Digest.of),
    st.none() | st.integers() | st.lists(st.text()),
    st.booleans(),
)


@given(TREES, st.sampled_from([camel_case, same_name]))
def test_round_trip_through_json(tree: Tree, naming: Any) -> None:
    text = json.dumps(encode(tree, naming))
    assert decode(Tree, json.loads(text), naming) == tree


def test_keys_follow_the_naming_and_the_metadata() -> None:
    document = encode(Tree(1, container_id="a", by_name={"x": Leaf("u")}), camel_case)
    assert document["containerID"] == "a"
    assert document["byName"] == {"x": {"userName": "u", "share": 0.0}}


def test_absent_and_empty_are_left_out() -> None:
    document = encode(Tree(1), same_name)
    assert "labels" not in document
    assert "digest" not in document
    assert document["leaves"] == []


def test_unknown_keys_and_nulls_are_ignored() -> None:
    document = {"size": 1, "leaves": None, "new": 2}
    assert decode(Tree, document, same_name) == Tree(1)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"size": "1"}, "Tree.size: expected int, found str"),
        ({"size": True}, "Tree.size: expected int, found bool"),
        ({"size": 1, "colour": "green"}, "Tree.colour: 'green'"),
        ({"size": 1, "leaves": [{"user_name": 1}]}, r"leaves\[0\].user_name: expected"),
        ({"size": 1, "by_name": {"x": []}}, "Tree.by_name.x: expected dict"),
        ({"size": 1, "leaves": {}}, "Tree.leaves: expected list or tuple"),
        ({"size": 1, "labels": "x"}, "Tree.labels: expected dict, found str"),
        ({"size": 1, "containerID": True}, "Tree.containerID: expected str"),
        ({}, "cannot read Tree"),
        ([], "Tree: expected dict, found list"),
        ({"size": 1, "digest": "x"}, "invalid digest 'x'"),
    ],
)
def test_wrong_documents_name_the_place(document: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        decode(Tree, document, same_name)


def test_other_types_are_our_own_mistake() -> None:
    with pytest.raises(TypeError, match="cannot encode set"):
        encode({1, 2}, same_name)


def test_what_was_prepared_is_known_with_all_that_is_in_it() -> None:
    @dataclass(frozen=True, slots=True)
    class Inner:
        number: int

    @dataclass(frozen=True, slots=True)
    class Outer:
        inners: tuple[Inner, ...]
        one: Inner | None = None

    found = []

    def naming(name: str) -> str:
        found.append(name)
        return name

    # The annotations of local classes are no text here, so they can be resolved.
    prepare(Outer, naming)
    assert sorted(found) == ["inners", "number", "one"]
    document = {"inners": [{"number": 1}], "one": {"number": 2}}
    assert decode(Outer, document, naming) == Outer((Inner(1),), Inner(2))
    assert len(found) == 3
