"""Choosing by platform."""

import pytest

from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError
from labkit.base.machine import host_architecture
from labkit.images.platforms import choose, parse_platform, spell
from labkit.spec.image import OCI_MANIFEST, Descriptor, Platform


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("linux/amd64", "linux/amd64"),
        ("linux/arm64/v8", "linux/arm64/v8"),
        ("Linux/AArch64", "linux/arm64"),
        ("x86_64", "linux/amd64"),
        ("linux", f"linux/{host_architecture()}"),
    ],
)
def test_reads_every_spelling(text: str, platform: str) -> None:
    assert spell(parse_platform(text)) == platform


@pytest.mark.parametrize("text", ["", "a/b/c/d", "linux/", "a b", "linux/am!d"])
def test_refuses_what_is_none(text: str) -> None:
    with pytest.raises(InvalidInputError, match="cannot parse platform specifier"):
        parse_platform(text)


def test_refuses_a_word_that_is_neither() -> None:
    words = '"foobar": unknown operating system or architecture: invalid argument'
    with pytest.raises(InvalidInputError, match=words):
        parse_platform("foobar")


def entry(platform: Platform | None) -> Descriptor:
    return Descriptor(OCI_MANIFEST, Digest.of(repr(platform).encode()), 1, platform)


def test_takes_the_first_that_fits() -> None:
    amd, arm = (
        entry(Platform("amd64", "linux")),
        entry(Platform("arm64", "linux", "v8")),
    )
    attestation, anyone = entry(Platform("unknown", "unknown")), entry(None)
    everything = (attestation, amd, arm)
    assert choose(everything, parse_platform("linux/amd64")) == amd
    assert choose(everything, parse_platform("linux/arm64")) == arm
    assert choose(everything, parse_platform("linux/arm64/v8")) == arm
    assert choose(everything, parse_platform("linux/arm64/v7")) is None
    assert choose(everything, parse_platform("linux/s390x")) is None
    assert choose((*everything, anyone), parse_platform("linux/s390x")) == anyone
