"""Queries with types, and bodies within bounds."""

import contextlib
from pathlib import Path

import pytest
from aiohttp import web
from multidict import MultiDict

from labkit.api.answers import document
from labkit.api.requests import MAX_JSON_BYTES, Call, Query
from labkit.api.routing import Route
from labkit.base.errors import InvalidInputError
from tests.unit.api.serving import connected, serving


def _query(**values: str) -> Query:
    return Query(MultiDict(values))


@pytest.mark.parametrize("text", ["1", "true", "True", "yes", "x"])
def test_nearly_everything_is_true(text: str) -> None:
    assert _query(all=text).flag("all")


@pytest.mark.parametrize("text", ["", "0", "no", "false", "FALSE", "none", " 0 "])
def test_some_words_are_false(text: str) -> None:
    assert not _query(all=text).flag("all")


def test_an_absent_flag_has_its_default() -> None:
    assert not _query().flag("stream")
    assert _query().flag("stream", default=True)


def test_reads_numbers() -> None:
    assert _query(t="-1").integer("t") == -1
    assert _query().integer("t") is None
    with pytest.raises(InvalidInputError, match='parsing "x": invalid syntax'):
        _query(t="x").integer("t")


def test_reads_moments_to_the_nanosecond() -> None:
    assert _query(since="1795463895.123456789").moment("since") == (
        1_795_463_895_123_456_789
    )
    assert _query(since="0").moment("since") is None
    for bad in ("soon", "nan", "inf"):
        with pytest.raises(InvalidInputError, match="invalid syntax"):
            _query(since=bad).moment("since")


def test_reads_repeated_values() -> None:
    query = Query(MultiDict([("names", "a"), ("names", "b")]))
    assert query.texts("names") == ("a", "b")


async def _answer(path: Path, body: bytes, kind: bytes = b"application/json") -> bytes:
    async def show(call: Call) -> web.StreamResponse:
        return document({"name": (await call.body()).text("Name")})

    head = b"POST /x HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Type: %s\r\n"
    async with serving(path, [Route("POST", "/x", show)]), connected(path) as client:
        await client.send(head % kind)
        with contextlib.suppress(ConnectionError):  # when it has heard enough
            await client.send(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        return await client.rest()


async def test_reads_a_body(tmp_path: Path) -> None:
    assert b'{"name":"x"}' in await _answer(tmp_path / "s", b'{"Name": "x"}')


async def test_no_body_is_an_empty_object(tmp_path: Path) -> None:
    assert b'{"name":""}' in await _answer(tmp_path / "s", b"")


async def test_refuses_other_types(tmp_path: Path) -> None:
    answer = await _answer(tmp_path / "s", b"{}", b"text/plain")
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"unsupported Content-Type header (text/plain)" in answer


async def test_refuses_endless_bodies(tmp_path: Path) -> None:
    answer = await _answer(tmp_path / "s", b'"' + b"x" * (MAX_JSON_BYTES + 1))
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"request body is larger than" in answer
