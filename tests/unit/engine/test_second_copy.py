"""Lines that stand for themselves."""

from pathlib import Path

from labkit.engine.second_copy import LEAST_BYTES, SecondCopy


def test_what_was_appended_is_found_again(tmp_path: Path) -> None:
    copy = SecondCopy(tmp_path / "copy")
    assert copy.last_transaction() == 0
    copy.append(1, [("a", "x", "{}"), ("b", "y", '"ä\\udcff"')])
    copy.append(2, [("a", "x", None), ("b", "z", "1")])
    kept = SecondCopy(tmp_path / "copy").read()
    assert kept.transaction == 2
    assert kept.documents == {("b", "y"): '"ä\\udcff"', ("b", "z"): "1"}
    assert copy.last_transaction() == 2


def test_a_damaged_line_costs_that_line_only(tmp_path: Path) -> None:
    copy = SecondCopy(tmp_path / "copy")
    for number in (1, 2, 3, 4):
        copy.append(number, [("a", str(number), "{}")])
    lines = copy.path.read_bytes().split(b"\n")
    lines[1] = lines[1].replace(b'"2"', b'"5"')
    lines[3] = lines[3][:-4]
    copy.path.write_bytes(b"\n".join(lines))
    assert copy.last_transaction() == 3
    assert set(copy.read().documents) == {("a", "1"), ("a", "3")}


def test_is_written_anew_as_one_line(tmp_path: Path) -> None:
    copy = SecondCopy(tmp_path / "copy")
    copy.append(1, [("a", "x", "{}")])
    assert not copy.is_overgrown
    copy.append(2, [("a", "x", "y" * (LEAST_BYTES + 1))])
    assert copy.is_overgrown
    copy.write_anew(2, [("a", "x", "short")])
    assert not copy.is_overgrown
    assert copy.path.read_bytes().count(b"\n") == 1
    assert copy.read().documents == {("a", "x"): "short"}
    copy.give_up()
    assert copy.is_overgrown
