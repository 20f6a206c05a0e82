"""Reading tars that may be damaged or hostile; Python's own reader is the oracle."""

import contextlib
import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.base.errors import InvalidInputError
from labkit.snapshots.model import Limits
from labkit.snapshots.tar_reader import FILE, Entry, TarReader
from tests.unit.snapshots.tars import file, folder, hard_link, make_tar, symlink, xattrs


def read(data: bytes, limits: Limits | None = None) -> list[tuple[Entry, bytes]]:
    reader = TarReader(io.BytesIO(data), limits or Limits())
    found = []
    for entry in reader:
        content = bytearray(entry.size if entry.type == FILE else 0)
        if entry.type == FILE:
            for offset, piece in reader.pieces(entry):
                content[offset : offset + len(piece)] = piece
        found.append((entry, bytes(content)))
    return found


def test_reads_contents_and_fields() -> None:
    entry, content = read(
        make_tar(file("a/b", b"hello", mode=0o4755, uid=7, gid=8, mtime=9))
    )[0]
    assert (entry.name, content) == (b"a/b", b"hello")
    assert (entry.mode, entry.uid, entry.gid) == (0o4755, 7, 8)
    assert entry.mtime_ns == 9_000_000_000


def test_content_that_nobody_read_is_skipped() -> None:
    data = make_tar(file("a", b"x" * 700), file("b", b"y"))
    names = [entry.name for entry in TarReader(io.BytesIO(data), Limits())]
    assert names == [b"a", b"b"]


def test_long_names_of_both_dialects() -> None:
    name, target = "d/" * 90 + "n" * 200, "t" * 300
    for dialect in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=dialect) as tar:
            tar.addfile(symlink(name, target))
        entry = read(out.getvalue())[0][0]
        assert entry.name.decode() == name
        assert entry.link_name.decode() == target


def test_times_keep_their_nanoseconds() -> None:
    info = file("a", pax_headers={"mtime": "1700000000.123456789"})
    assert read(make_tar(info))[0][0].mtime_ns == 1_700_000_000_123_456_789


def test_attributes_keep_every_byte() -> None:
    value = bytes(range(256))
    info = file("a", pax_headers=xattrs({"security.capability": value}))
    assert read(make_tar(info))[0][0].xattrs == {"security.capability": value}


def test_large_numbers_are_binary_in_gnu_tars() -> None:
    info = tarfile.TarInfo("a")
    info.uid = 4_000_000_000
    out = info.tobuf(tarfile.GNU_FORMAT) + bytes(1024)
    assert read(out)[0][0].uid == 4_000_000_000


def test_the_stream_is_read_to_its_end() -> None:
    stream = io.BytesIO(make_tar(file("a")) + bytes(10_240))
    list(TarReader(stream, Limits()))
    assert stream.read() == b""


@pytest.mark.parametrize("data", [b"", bytes(512), bytes(1024)])
def test_an_empty_tar_has_no_entries(data: bytes) -> None:
    assert read(data) == []


def test_every_cut_inside_an_entry_is_noticed() -> None:
    whole = make_tar(file("a", b"x" * 600))
    for length in range(1, 512 + 1024, 61):
        with pytest.raises(InvalidInputError, match="damaged tar"):
            read(whole[:length])


def test_a_flipped_bit_in_a_header_is_noticed() -> None:
    whole = bytearray(make_tar(file("a"), file("b")))
    whole[512] ^= 1  # the second header: the standard library's reader just stops
    with pytest.raises(InvalidInputError, match="checksum"):
        read(bytes(whole))


def test_garbage_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="damaged tar"):
        read(b"\x7fELF" + b"\1" * 2000)


def test_an_extended_header_may_not_fill_memory() -> None:
    info = file("a", pax_headers={"comment": "x" * 5000})
    with pytest.raises(InvalidInputError, match="larger than 4096"):
        read(make_tar(info), Limits(header_bytes=4096))


def test_refuses_unknown_types() -> None:
    info = tarfile.TarInfo("a")
    info.type = b"V"
    with pytest.raises(InvalidInputError, match="unknown tar entry type 'V'"):
        read(info.tobuf() + bytes(1024))


@pytest.mark.parametrize(
    "line", [b"9 path=a", b"x path=a\n", b"99 path=a\n", b"8 path\nx", b"-1 a=b\n"]
)
def test_refuses_broken_extended_headers(line: bytes) -> None:
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, len(line)
    data = info.tobuf() + line.ljust(512, b"\0") + make_tar(file("a"))
    with pytest.raises(InvalidInputError, match="damaged tar"):
        read(data)


@pytest.mark.parametrize("value", ["-5", "1e9", "9" * 30])
def test_refuses_sizes_that_are_no_numbers(value: str) -> None:
    info = file("a", pax_headers={"size": value})
    with pytest.raises(InvalidInputError, match="is not a number"):
        read(make_tar(info))


def test_links_have_no_content() -> None:
    data = make_tar(file("a", b"x"), hard_link("b", "a"), folder("c"))
    assert [entry.name for entry, _ in read(data)] == [b"a", b"b", b"c/"]


names = st.text(
    st.characters(blacklist_characters="/\0", blacklist_categories=("Cs",)), min_size=1
)


@given(st.lists(st.tuples(names, st.binary(max_size=1500)), max_size=5))
def test_reads_what_python_wrote(files: list[tuple[str, bytes]]) -> None:
    data = make_tar(*(file(name, content) for name, content in files))
    expected = [(name.encode(), content) for name, content in files]
    assert [(entry.name, content) for entry, content in read(data)] == expected


@given(st.binary(max_size=2048))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(InvalidInputError):  # any other exception fails
        read(data)


def test_the_last_padding_may_be_missing() -> None:
    packed = make_tar(file("a", b"12345"))[:517]
    reader = TarReader(io.BytesIO(packed), Limits())
    assert [entry.name for entry in reader] == [b"a"]
