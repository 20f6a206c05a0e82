"""An x-ray brought into rows."""

from pathlib import Path

import pytest

from labkit.base.errors import UnavailableError
from labkit.course.xray import Section, look_inside, read_sections


def test_records_of_one_shape_become_a_table() -> None:
    mounts = [
        {"at": "/data", "flag": None, "writable": True, "read_from": ["a", "b"]},
        {"at": "/x", "flag": None, "writable": False, "read_from": []},
    ]
    assert list(read_sections({"mounts": mounts})) == [
        Section(
            "mounts",
            (("/data", "yes", "a, b"), ("/x", "no", "")),
            ("at", "writable", "read from"),
        )
    ]


def test_facts_are_flattened_and_empty_ones_left_out() -> None:
    record = {"net": {"my_net": {"names": ["a", "b"], "mac": ""}}, "rules": []}
    assert list(read_sections(record)) == [
        Section("net", (("my net names", "a"), ("", "b")))
    ]


def test_a_table_in_a_fact_is_spelled_out() -> None:
    record = {"ports": {"web": [{"from": 80, "open": True}]}}
    (section,) = read_sections(record)
    assert section.rows == (("web", "from 80, open yes"),)


def test_nobody_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        look_inside(f"unix://{tmp_path}/no.sock", "web")
