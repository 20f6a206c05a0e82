import stat
from pathlib import Path

import pytest

from labkit.grading.receipt.key import FILE_NAME
from labkit.grading.receipt.verify import Standing, verify_receipt
from tests.unit.grading.observe.fakes import NOT_FOUND, answer_with, serving


@pytest.fixture
def empty_engine(terminal, tmp_path, monkeypatch):
    """Let an engine answer at the terminal's address: it has nothing at all."""
    monkeypatch.chdir(tmp_path)
    with serving(tmp_path / "none.sock", answer_with(NOT_FOUND)):
        yield


@pytest.mark.usefixtures("empty_engine")
def test_writes_a_receipt_and_says_by_whose_key(terminal):
    said = terminal.run("receipt", "5", "--name", "Ada")
    assert said.code == 0, said.err
    key = terminal.run("receipt", "--key").out.strip()
    assert said.out.endswith(f"wrote receipt-chapter05.json, signed by {key}\n")
    assert "0 of 56 points" in said.out
    verified = verify_receipt(Path("receipt-chapter05.json").read_bytes())
    assert verified.standing is Standing.VALID
    assert stat.S_IMODE((terminal.home / FILE_NAME).stat().st_mode) == 0o600


@pytest.mark.usefixtures("empty_engine")
def test_takes_an_older_receipts_place_and_no_other_files(terminal, tmp_path):
    notes = tmp_path / "notes"
    assert terminal.run("receipt", "chapter05", "-o", str(notes)).code == 0
    assert terminal.run("receipt", "chapter05", "-o", str(notes)).code == 0
    notes.write_text("my notes")
    said = terminal.run("receipt", "chapter05", "-o", str(notes))
    assert said.code == 1
    assert (
        said.err
        == f"labkit: {notes} is there already and is no receipt: name another\n"
    )
    assert notes.read_text() == "my notes"


@pytest.mark.usefixtures("empty_engine")
def test_prints_it_instead(terminal):
    said = terminal.run("receipt", "chapter05", "--out", "-")
    assert verify_receipt(said.out.encode()).standing is Standing.VALID


def test_an_outage_gets_none(terminal, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = terminal.run("receipt", "chapter05")
    assert said.code == 2
    assert said.err.startswith("labkit: could not check ")
    assert "so no receipt: no engine answers" in said.err
    assert list(tmp_path.glob("receipt*")) == []


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        ((), 2, "name a chapter"),
        (("99",), 1, "no exercises for 'chapter99'"),
        (("5", "--name", "a\nb"), 1, "no control characters"),
    ],
)
def test_bad_input_is_one_sentence(terminal, arguments, code, problem):
    said = terminal.run("receipt", *arguments)
    assert said.code == code
    assert problem in said.err
