"""JSON objects read field by field."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.api.parse.fields import Fields, read_json
from labkit.base.errors import InvalidInputError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["A", "B", "C"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("body", [{}, {"A": None}])
def test_absent_and_null_are_the_default(body: dict[str, Any]) -> None:
    fields = Fields(body)
    assert fields.text("A") == ""
    assert fields.flag("A") is False
    assert (fields.integer("A"), fields.integer("A", 7)) == (0, 7)
    assert (fields.texts("A"), fields.maybe_texts("A")) == ((), None)
    assert (fields.maybe_integer("A"), fields.maybe_flag("A")) == (None, None)
    assert (fields.text_map("A"), fields.names("A")) == ({}, ())
    assert fields.fields("A").is_empty
    assert fields.list_of_fields("A") == ()


def test_a_command_may_be_one_word() -> None:
    fields = Fields({"A": "ls -l", "B": ["ls", "-l"], "C": []})
    assert fields.command("A") == ("ls -l",)
    assert fields.command("B") == ("ls", "-l")
    assert fields.command("C") == ()
    assert fields.command("D") is None


def test_the_case_of_a_name_does_not_count() -> None:
    fields = Fields({"image": "a", "Image": "b", "tTy": True})
    assert fields.text("Image") == "b"
    assert fields.flag("Tty") is True


@pytest.mark.parametrize(
    ("body", "read", "message"),
    [
        ({"A": 1}, "text", "cannot unmarshal number into field A of type string"),
        ({"A": "1"}, "flag", "cannot unmarshal string into field A of type bool"),
        ({"A": True}, "integer", "cannot unmarshal bool into field A of type int64"),
        ({"A": 1.5}, "integer", "cannot unmarshal number into field A of type int64"),
        ({"A": 1 << 64}, "integer", "cannot unmarshal number into field A of type"),
        ({"A": [1]}, "texts", "cannot unmarshal number into field A of type string"),
        ({"A": {"b": 1}}, "text_map", "cannot unmarshal number into field A of type"),
        ({"A": [True]}, "integers", "cannot unmarshal bool into field A of type int"),
        ({"A": []}, "fields", "cannot unmarshal array into field A of type object"),
    ],
)
def test_refuses_other_types_with_the_path(
    body: dict[str, Any], read: str, message: str
) -> None:
    with pytest.raises(InvalidInputError, match=message):
        getattr(Fields(body), read)("A")


def test_a_path_says_where_in_the_depth() -> None:
    deep = Fields({"A": {"B": [{}, {"C": 1}]}})
    second = deep.fields("A").list_of_fields("B")[1]
    with pytest.raises(InvalidInputError, match=r"into field A\.B\[1\]\.C of type"):
        second.text("C")


@given(JSON, st.sampled_from(["text", "flag", "integer", "texts", "text_map"]))
def test_reads_or_refuses_whatever_comes(document: object, read: str) -> None:
    try:
        getattr(Fields(document), read)("A")
    except InvalidInputError as error:
        assert "invalid JSON: cannot unmarshal" in str(error)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"garbage", "invalid character 'g' looking for beginning of value"),
        (b"{", "unexpected EOF"),
        (b'{"a": "b', "unexpected EOF"),
        (b'{"a" 1}', "invalid character '1' after object key"),
        (b"{} {}", "unexpected content after JSON"),
        (b"[NaN]", "invalid character 'N' looking for beginning of value"),
        (b"[" * 100_000, "exceeded max depth"),
        (b"\xff\xfe{", "invalid JSON"),
    ],
)
def test_refuses_what_is_no_json_in_gos_words(data: bytes, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        read_json(data)


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert read_json(b'{"a": "\\ud800"}') == {"a": "\ufffd"}
    assert read_json(b'{"a": "\\ud83d\\ude00"}') == {"a": "\U0001f600"}
