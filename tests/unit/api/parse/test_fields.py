"""JSON read field by field."""

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.api.parse.fields import Fields, read_json
from labkit.base.errors import InvalidInputError

READERS: list[tuple[Callable[[Fields], object], object]] = [
    (lambda body: body.text("X"), ""),
    (lambda body: body.flag("X"), False),
    (lambda body: body.integer("X"), 0),
    (lambda body: body.integer("X", 7), 7),
    (lambda body: body.maybe_integer("X"), None),
    (lambda body: body.maybe_flag("X"), None),
    (lambda body: body.integers("X"), ()),
    (lambda body: body.texts("X"), ()),
    (lambda body: body.maybe_texts("X"), None),
    (lambda body: body.command("X"), None),
    (lambda body: body.text_map("X"), {}),
    (lambda body: body.names("X"), ()),
    (lambda body: body.fields("X").is_empty, True),
    (lambda body: body.field_map("X"), {}),
    (lambda body: body.field_lists("X"), {}),
    (lambda body: body.list_of_fields("X"), ()),
]


@pytest.mark.parametrize("document", [None, {}, {"X": None}, {"Other": 1}])
@pytest.mark.parametrize(("read", "default"), READERS)
def test_absent_and_null_are_the_default(
    document: object, read: Callable[[Fields], object], default: object
) -> None:
    assert read(Fields(document)) == default


@pytest.mark.parametrize(
    ("value", "read", "expected"),
    [
        ("a", lambda body: body.text("X"), "a"),
        (True, lambda body: body.flag("X"), True),
        (False, lambda body: body.maybe_flag("X"), False),
        (0, lambda body: body.maybe_integer("X"), 0),
        (-5, lambda body: body.integer("X"), -5),
        ([24, 80], lambda body: body.integers("X"), (24, 80)),
        (["a", "b"], lambda body: body.texts("X"), ("a", "b")),
        ([], lambda body: body.maybe_texts("X"), ()),
        ([], lambda body: body.command("X"), ()),
        ("sh -c x", lambda body: body.command("X"), ("sh -c x",)),
        (["sh"], lambda body: body.command("X"), ("sh",)),
        ({"a": "b"}, lambda body: body.text_map("X"), {"a": "b"}),
        ({"80/tcp": {}, "53/udp": None}, lambda b: b.names("X"), ("80/tcp", "53/udp")),
        ({"Y": {"Z": "deep"}}, lambda b: b.fields("X").fields("Y").text("Z"), "deep"),
        (
            [{"Z": 1}, None],
            lambda b: [i.integer("Z") for i in b.list_of_fields("X")],
            [1, 0],
        ),
        ({"n": {"Z": 1}}, lambda b: b.field_map("X")["n"].integer("Z"), 1),
        ({"p": [{"Z": 1}]}, lambda b: b.field_lists("X")["p"][0].integer("Z"), 1),
        ({"p": None}, lambda body: body.field_lists("X"), {"p": ()}),
    ],
)
def test_reads_what_is_there(
    value: object, read: Callable[[Fields], object], expected: object
) -> None:
    assert read(Fields({"X": value})) == expected


@pytest.mark.parametrize(
    ("value", "read", "message"),
    [
        (5, lambda body: body.text("X"), "number into field X of type string"),
        ("5", lambda body: body.integer("X"), "string into field X of type int64"),
        (True, lambda body: body.integer("X"), "bool into field X of type int64"),
        (1.0, lambda body: body.integer("X"), "number into field X of type int64"),
        (1e300, lambda body: body.integer("X"), "number into field X of type int64"),
        (1 << 63, lambda body: body.integer("X"), "number into field X of type int64"),
        (1, lambda body: body.flag("X"), "number into field X of type bool"),
        ("a", lambda body: body.texts("X"), "string into field X of type []string"),
        ([1], lambda body: body.texts("X"), "number into field X of type string"),
        ([None], lambda body: body.command("X"), "NoneType into field X"),
        ([True], lambda body: body.integers("X"), "bool into field X of type int"),
        (
            {"a": 1},
            lambda body: body.text_map("X"),
            "number into field X of type string",
        ),
        ([], lambda body: body.names("X"), "array into field X of type map"),
        ("a", lambda body: body.fields("X"), "string into field X of type object"),
        ([5], lambda body: body.list_of_fields("X"), "number into field X[0]"),
        ({"a": 5}, lambda body: body.field_map("X"), "number into field X.a"),
        ({"a": {}}, lambda body: body.field_lists("X"), "object into field X.a"),
        (
            {"Y": {"Z": 5}},
            lambda body: body.fields("X").fields("Y").text("Z"),
            "number into field X.Y.Z of type string",
        ),
    ],
)
def test_refuses_other_types_with_the_path(
    value: object, read: Callable[[Fields], object], message: str
) -> None:
    with pytest.raises(InvalidInputError) as raised:
        read(Fields({"X": value}))
    assert str(raised.value).startswith("invalid JSON: cannot unmarshal ")
    assert message in str(raised.value)


@pytest.mark.parametrize("document", [[], "a", 5, True])
def test_a_body_is_an_object(document: object) -> None:
    with pytest.raises(InvalidInputError, match="into field body of type object"):
        Fields(document)


def test_the_case_of_names_does_not_count_but_the_exact_one_wins() -> None:
    assert Fields({"image": "nginx"}).text("Image") == "nginx"
    assert Fields({"OPENSTDIN": True}).flag("OpenStdin") is True
    assert Fields({"cmd": ["a"]}).command("Cmd") == ("a",)
    assert Fields({"hostconfig": {}}).fields("HostConfig").is_empty
    assert "Image" in Fields({"image": "nginx"})
    assert Fields({"IMAGE": "a", "Image": "b"}).text("Image") == "b"


def test_the_case_of_a_maps_keys_does() -> None:
    found = Fields({"Labels": {"a": "1", "A": "2"}}).text_map("Labels")
    assert found == {"a": "1", "A": "2"}


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=8,
)


@given(JSON)
@settings(max_examples=30)
def test_reads_any_document(document: object) -> None:
    assert read_json(json.dumps(document).encode()) == document


@given(st.binary(max_size=60))
def test_garbage_is_the_clients_mistake(data: bytes) -> None:
    # Nothing else may come out: it would be a 500.
    with contextlib.suppress(InvalidInputError):
        read_json(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "unexpected EOF"),
        (b'{"Image":"busybox"', "unexpected EOF"),
        (b'{"Image":"busy', "unexpected EOF"),
        (b"garbage", "invalid character 'g' looking for beginning of value"),
        (b"{a}", "invalid character 'a' looking for beginning of object key string"),
        (b'{"a" 1}', "invalid character '1' after object key"),
        (b"[1 2]", "invalid character '2' after array element"),
        (b"{} {}", "unexpected content after JSON"),
        (b'{"Memory": NaN}', "invalid character 'N' looking for beginning of value"),
        (b'{"Memory": Infinity}', "invalid character 'I' looking for beginning"),
        (b"[" * 100_000, "exceeded max depth"),
        (b"1" * 10_000, "invalid JSON"),
        (b'"\xff"', "invalid JSON"),
    ],
)
def test_says_what_is_wrong_as_go_does(data: bytes, message: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        read_json(data)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (rb'"x\ud800y"', "x\ufffdy"),
        (rb'"\ud83d\ude00"', "\U0001f600"),
        (rb'"\\ud800"', r"\ud800"),
    ],
)
def test_half_a_pair_is_replaced(data: bytes, text: str) -> None:
    assert read_json(data) == text


@pytest.mark.parametrize(
    "data", [rb'"\u0000"', rb'{"Env": ["A=\u0000"]}', rb'[{"a\u0000b": {}}]']
)
def test_refuses_what_no_name_of_linux_can_hold(data: bytes) -> None:
    with pytest.raises(InvalidInputError, match="holds a null byte"):
        read_json(data)


def test_a_null_byte_may_be_talked_of() -> None:
    assert read_json(rb'"\\u0000"') == r"\u0000"
