"""Queries with types, and bodies."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from labkit.api.answers import document
from labkit.api.requests import MAX_JSON_BYTES, Call, Query
from labkit.api.routing import Route
from labkit.base.errors import InvalidInputError
from tests.unit.api.serving import connected, serving


def query(*pairs: tuple[str, str]) -> Query:
    return Query(MultiDict(pairs))


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("1", True),
        ("true", True),
        ("True", True),
        ("yes", True),
        ("anything", True),
        ("", False),
        ("0", False),
        ("no", False),
        ("false", False),
        ("FALSE", False),
        ("none", False),
        (" false ", False),
    ],
)
def test_flags_follow_moby(text: str, meaning: bool) -> None:
    assert query(("all", text)).flag("all") is meaning
    assert query(("all", text)).flag("all", default=not meaning) is meaning


def test_an_absent_flag_is_its_default() -> None:
    assert query().flag("stream", default=True) is True
    assert query().flag("all") is False


def test_the_first_of_several_counts() -> None:
    found = query(("names", "a"), ("names", "b"))
    assert found.text("names") == "a"
    assert found.texts("names") == ("a", "b")
    assert query().texts("names") == ()


@pytest.mark.parametrize(
    ("text", "number"), [("", None), ("0", 0), ("10", 10), ("-1", -1), ("+5", 5)]
)
def test_reads_integers(text: str, number: int | None) -> None:
    assert query(("t", text)).integer("t") == number
    assert query().integer("t") is None


@pytest.mark.parametrize("text", ["x", "1.5", " 5", "1_0", "٣", "0x10", "9" * 30])
def test_refuses_what_gos_atoi_refuses(text: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        query(("t", text)).integer("t")
    assert str(raised.value) == f'strconv.Atoi: parsing "{text}": invalid syntax'


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("", None),
        ("0", None),
        ("1", 1_000_000_000),
        ("1.", 1_000_000_000),
        ("1.5", 1_500_000_000),
        ("4102444800.000000000", 4_102_444_800_000_000_000),
        ("1795467841.123456789", 1_795_467_841_123_456_789),
    ],
)
def test_reads_moments(text: str, moment: int | None) -> None:
    assert query(("since", text)).moment("since") == moment


@given(st.integers(1, 10**18 - 1), st.integers(0, 999_999_999))
def test_moments_keep_every_digit(seconds: int, nanoseconds: int) -> None:
    text = f"{seconds}.{nanoseconds:09d}"
    assert query(("until", text)).moment("until") == seconds * 10**9 + nanoseconds


@pytest.mark.parametrize("text", ["abc", "1e5", "1e999999", "nan", "inf", "9" * 40])
def test_refuses_what_is_no_moment(text: str) -> None:
    with pytest.raises(InvalidInputError, match="invalid syntax"):
        query(("since", text)).moment("since")


def test_refuses_what_no_name_of_linux_can_hold() -> None:
    for read in (query(("path", "/a\0b")).text, query(("path", "/a\0b")).texts):
        with pytest.raises(InvalidInputError, match="holds a null byte"):
            read("path")


def test_reads_filters() -> None:
    found = query(("filters", '{"label":{"a=b":true}}')).filters()
    assert found == {"label": ("a=b",)}


# Bodies


async def _show(call: Call) -> web.StreamResponse:
    body = await call.body()
    return document({"empty": body.is_empty, "Name": body.text("Name")})


async def _post(
    folder: Path, body: bytes, headers: Iterable[str] = ()
) -> tuple[int, str]:
    lines = ["POST /x HTTP/1.1", "Host: d", "Connection: close", *headers]
    lines.append(f"Content-Length: {len(body)}")
    route, path = Route("POST", "/x", _show), folder / "s"
    async with serving(path, [route]), connected(path) as client:
        head = "\r\n".join(lines) + "\r\n\r\n"
        await client.send(head.encode() + body)
        answer = await client.rest()
    return int(answer.split()[1]), answer.partition(b"\r\n\r\n")[2].decode()


JSON = "Content-Type: application/json"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"Name": "web"}', [JSON]),
        (b'{"Name": "web"}', [JSON + "; charset=utf-8"]),
        (b'{"Name": "web"}', ["Content-Type: APPLICATION/JSON"]),
        (b'  {"name": "web"}\n', [JSON]),
    ],
)
async def test_reads_json(tmp_path: Path, body: bytes, headers: list[str]) -> None:
    status, text = await _post(tmp_path, body, headers)
    assert (status, json.loads(text)["Name"]) == (200, "web")


@pytest.mark.parametrize(
    ("body", "headers"), [(b"", []), (b"", [JSON]), (b"{}", [JSON]), (b" \n", [JSON])]
)
async def test_nothing_is_an_empty_object(
    tmp_path: Path, body: bytes, headers: list[str]
) -> None:
    status, text = await _post(tmp_path, body, headers)
    assert (status, json.loads(text)["empty"]) == (200, True)


@pytest.mark.parametrize(
    ("headers", "named"), [([], ""), (["Content-Type: text/plain"], "text/plain")]
)
async def test_refuses_other_content(
    tmp_path: Path, headers: list[str], named: str
) -> None:
    status, text = await _post(tmp_path, b"{}", headers)
    assert status == 400
    assert json.loads(text)["message"] == (
        f"unsupported Content-Type header ({named}): must be 'application/json'"
    )


async def test_refuses_what_is_not_packed_as_its_header_says(tmp_path: Path) -> None:
    status, text = await _post(tmp_path, b"{}", [JSON, "Content-Encoding: gzip"])
    assert (status, "gzip" in json.loads(text)["message"]) == (400, True)


async def test_refuses_more_than_any_body_is_long(tmp_path: Path) -> None:
    status, text = await _post(tmp_path, b" " * (MAX_JSON_BYTES + 1), [JSON])
    assert status == 400
    assert json.loads(text)["message"] == (
        f"request body is larger than {MAX_JSON_BYTES} bytes"
    )
