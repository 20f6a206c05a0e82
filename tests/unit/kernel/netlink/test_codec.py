"""The codec: what goes in comes out, and broken bytes break nothing."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from labkit.kernel.netlink.codec import (
    ADDRESS,
    BE16,
    BE32,
    BE64,
    MAC,
    RAW,
    S32,
    TEXT,
    U8,
    U16,
    U32,
    Field,
    Message,
    decode,
    encode,
    nested,
    pack_attribute,
    pack_message,
    read_acknowledgement,
    split_attributes,
    split_messages,
)

INNER = {"count": Field(1, U32), "label": Field(2, TEXT)}
TABLE = {
    "tiny": Field(1, U8),
    "small": Field(2, U16),
    "number": Field(3, U32),
    "signed": Field(4, S32),
    "network16": Field(5, BE16),
    "network32": Field(6, BE32),
    "network64": Field(7, BE64),
    "text": Field(8, TEXT),
    "raw": Field(9, RAW),
    "mac": Field(10, MAC),
    "address": Field(11, ADDRESS),
    "inner": Field(12, nested(INNER)),
}

names = st.text(
    st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), max_size=30
)
values = st.fixed_dictionaries(
    {},
    optional={
        "tiny": st.integers(0, 0xFF),
        "small": st.integers(0, 0xFFFF),
        "number": st.integers(0, 0xFFFFFFFF),
        "signed": st.integers(-(1 << 31), (1 << 31) - 1),
        "network16": st.integers(0, 0xFFFF),
        "network32": st.integers(0, 0xFFFFFFFF),
        "network64": st.integers(0, (1 << 64) - 1),
        "text": names,
        "raw": st.binary(max_size=40),
        "mac": st.binary(min_size=6, max_size=6).map(lambda data: data.hex(":")),
        "address": st.ip_addresses().map(str),
        "inner": st.fixed_dictionaries(
            {}, optional={"count": st.integers(0, 0xFFFFFFFF), "label": names}
        ),
    },
)


@given(values)
def test_attributes_survive_the_round_trip(content: dict[str, object]) -> None:
    assert decode(TABLE, encode(TABLE, content)) == content


@given(values)
def test_attributes_are_padded_to_four_bytes(content: dict[str, object]) -> None:
    assert len(encode(TABLE, content)) % 4 == 0


@given(st.binary(max_size=200))
def test_random_bytes_are_split_without_a_failure(data: bytes) -> None:
    for _, payload in split_attributes(data):
        assert payload in data
    for message in split_messages(data):
        assert len(message.body) <= len(data)


def test_an_attribute_is_laid_out_as_the_kernel_does() -> None:
    # struct nlattr { u16 len; u16 type; } "abc" and one byte of padding
    assert pack_attribute(3, b"abc") == struct.pack("=HH", 7, 3) + b"abc\0"


def test_nested_attributes_carry_the_flag() -> None:
    (length, kind) = struct.unpack_from("=HH", encode(TABLE, {"inner": {"count": 1}}))
    assert (length, kind) == (12, 0x8000 | 12)


def test_unknown_attributes_are_skipped() -> None:
    data = pack_attribute(999, b"from the future") + encode(TABLE, {"tiny": 7})
    assert decode(TABLE, data) == {"tiny": 7}


def test_a_cut_attribute_ends_the_list() -> None:
    data = encode(TABLE, {"tiny": 7}) + struct.pack("=HH", 100, 8) + b"short"
    assert decode(TABLE, data) == {"tiny": 7}


def test_messages_survive_the_round_trip() -> None:
    sent = [Message(16, 5, b"odd", 1, 2), Message(20, 1, b"", 2, 2)]
    assert list(split_messages(b"".join(map(pack_message, sent)))) == sent


def test_reads_the_kernels_sentence_beside_an_errno() -> None:
    original = struct.pack("=IHHII", 20, 16, 5, 1, 0) + b"body"
    words = pack_attribute(1, b"Device does not exist\0")
    body = struct.pack("=i", -19) + original + words
    verdict = read_acknowledgement(Message(2, 0x200, body))
    assert (verdict.errno, verdict.text) == (19, "Device does not exist")


def test_reads_the_sentence_when_the_request_was_left_out() -> None:
    header = struct.pack("=IHHII", 400, 16, 5, 1, 0)  # says 400, but isn't there
    body = struct.pack("=i", -22) + header + pack_attribute(1, b"Bad mask\0")
    verdict = read_acknowledgement(Message(2, 0x300, body))
    assert (verdict.errno, verdict.text) == (22, "Bad mask")


def test_an_acknowledgement_is_errno_zero() -> None:
    body = struct.pack("=i", 0) + struct.pack("=IHHII", 16, 16, 5, 1, 0)
    assert read_acknowledgement(Message(2, 0, body)).errno == 0
