"""Layers over one another."""

import io
import tarfile

import pytest

from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.flatten import Flattened
from tests.unit.docker_cli.buildx.images import layer, saved


def seen(*layers: bytes) -> dict[str, bytes | None]:
    found: dict[str, bytes | None] = {}
    for info, data in Flattened(io.BytesIO(saved(*layers))).entries():
        found[info.name] = data.read() if data else None
    return found


def test_what_is_above_is_seen() -> None:
    assert seen(
        layer(("a", None), ("a/x", b"1"), ("a/y", b"1"), ("b", b"1")),
        layer(("a/x", b"2"), ("c", b"2")),
    ) == {"a": None, "a/x": b"2", "a/y": b"1", "b": b"1", "c": b"2"}


def test_what_was_removed_is_not() -> None:
    assert seen(
        layer(("a", None), ("a/x", b"1"), ("b", None), ("b/y", b"1"), ("bc", b"1")),
        layer(("a/.wh.x", b""), (".wh.b", b"")),
    ) == {"a": None, "bc": b"1"}


def test_an_opaque_folder_hides_what_is_below_only() -> None:
    assert seen(
        layer(("a", None), ("a/x", b"1")),
        layer(("a", None), ("a/y", b"2"), ("a/.wh..wh..opq", b"")),
    ) == {"a": None, "a/y": b"2"}


def test_a_file_replaces_a_folder() -> None:
    assert seen(layer(("a", None), ("a/x", b"1")), layer(("a", b"now a file"))) == {
        "a": b"now a file"
    }


def test_links_hold_or_become_files() -> None:
    below = layer(("a", b"data"), ("b", b"=>a"), ("s", b"->/etc"))
    (_, link, sym) = [info for info, _ in Flattened(io.BytesIO(saved(below))).entries()]
    assert (link.type, link.linkname) == (tarfile.LNKTYPE, "a")
    assert (sym.type, sym.linkname) == (tarfile.SYMTYPE, "/etc")
    assert seen(below, layer((".wh.a", b"")))["b"] == b"data"


def test_names_that_lead_out_stay_inside() -> None:
    assert list(seen(layer(("../../x", b""), ("/y", b"")))) == ["x", "y"]


def test_an_archive_of_something_else_is_refused() -> None:
    with pytest.raises(BuildxError, match=r"has no manifest\.json"):
        Flattened(io.BytesIO(layer(("a", b""))))
