"""Capability names, numbers and sets."""

from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.kernel import capabilities


def test_numbers_are_the_kernels() -> None:
    assert capabilities.capability_number("CAP_CHOWN") == 0
    assert capabilities.capability_number("CAP_SYS_ADMIN") == 21
    assert capabilities.capability_number("CAP_SETFCAP") == 31
    assert capabilities.capability_number("CAP_CHECKPOINT_RESTORE") == 40


def test_default_set_is_dockers() -> None:
    # CapBnd of a default container of dockerd 20.10
    assert capabilities.to_mask(capabilities.DEFAULT_CAPABILITIES) == 0xA80425FB


def test_masks_round_trip() -> None:
    assert capabilities.from_mask(capabilities.to_mask(capabilities.NAMES)) == tuple(
        capabilities.NAMES
    )


def test_ignores_bits_of_newer_kernels() -> None:
    assert capabilities.from_mask(1 << 60 | 1) == ("CAP_CHOWN",)


@pytest.mark.parametrize(
    "text", ["net_admin", "NET_ADMIN", "CAP_NET_ADMIN", "cap_net_admin"]
)
def test_normalises_every_spelling_of_cap_add(text: str) -> None:
    assert capabilities.normalise_capability(text) == "CAP_NET_ADMIN"


def test_refuses_an_unknown_name() -> None:
    with pytest.raises(InvalidInputError, match="unknown capability 'CAP_FLY'"):
        capabilities.normalise_capability("fly")


def test_reads_sets_from_status(tmp_path: Path) -> None:
    status = tmp_path / "status"
    status.write_text(
        "Name:\tx\nCapEff:\t0000000000000001\nCapBnd:\t0000000000000003\n"
    )
    assert capabilities.effective_set(status) == ("CAP_CHOWN",)
    assert capabilities.bounding_set(status) == ("CAP_CHOWN", "CAP_DAC_OVERRIDE")


def test_a_status_without_the_line_is_an_error(tmp_path: Path) -> None:
    status = tmp_path / "status"
    status.write_text("Name:\tx\n")
    with pytest.raises(InvalidInputError, match="cannot read CapBnd"):
        capabilities.bounding_set(status)
