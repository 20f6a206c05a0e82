import json

import pytest

from tests.unit.grading.receipt.examples import make_receipt, make_text, tamper


@pytest.fixture
def ada(tmp_path):
    path = tmp_path / "ada.json"
    path.write_text(make_text(tmp_path / "a"))
    return path


def test_a_valid_one_shows_the_grade_that_counts(terminal, ada):
    said = terminal.run("verify", str(ada))
    assert said.code == 0
    assert f"✔ valid  {ada}" in said.out
    assert "points   3 of 56" in said.out
    assert "name     Ada" in said.out
    assert "A network of your own" in said.out


def test_many_are_counted_and_the_worst_decides(terminal, ada, tmp_path):
    changed, newer = tmp_path / "changed.json", tmp_path / "newer.json"
    text = ada.read_text()
    changed.write_bytes(tamper(text, "signed", "name", value="Bob"))
    newer.write_bytes(tamper(text, "version", value=7))
    said = terminal.run("verify", str(ada), str(changed))
    assert said.code == 1
    assert said.out.endswith("1 valid, 1 not valid\n")
    said = terminal.run("verify", str(ada), str(changed), str(newer))
    assert said.code == 2
    assert said.out.endswith("1 valid, 1 not valid, 1 could not check\n")
    assert "Traceback" not in said.err


def test_keys_that_are_known_have_names(terminal, ada, tmp_path):
    key = json.loads(terminal.run("verify", "--json", str(ada)).out)["receipts"][0][
        "key"
    ]
    roster = tmp_path / "keys"
    roster.write_text(f"{key} Ada Lovelace\n")
    said = terminal.run("verify", "--keys", str(roster), str(ada))
    assert said.code == 0
    assert f"{key}  Ada Lovelace" in said.out
    said = terminal.run("verify", "--key", "0" * 32, str(ada))
    assert said.code == 1
    assert f"its key {key} is none of those" in said.out
    assert terminal.run("verify", "--key", key, str(ada)).code == 0


def test_json_holds_the_replayed_report(terminal, ada, tmp_path):
    copied = tmp_path / "copied.json"
    copied.write_text(make_text(tmp_path / "b"))
    said = terminal.run("verify", "--json", str(ada), str(copied), "/nowhere")
    rows = json.loads(said.out)["receipts"]
    assert said.code == 2
    assert rows[0]["report"] == make_receipt().report
    assert [row["standing"] for row in rows] == ["valid", "valid", "could not check"]
    assert [row["twin_of"] for row in rows] == [None, str(ada), None]
    assert rows[2]["reason"] == "cannot read it: no such file"


def test_what_its_maker_wrote_does_not_reach_the_terminal_as_it_is(terminal, tmp_path):
    path = tmp_path / "r.json"
    path.write_text(make_text(tmp_path / "a", name="\x1b[2J[red]Ada", labkit="\x9b"))
    said = terminal.run("verify", str(path))
    assert said.code == 0
    assert "\x1b" not in said.out
    assert "\x9b" not in said.out
    assert "[red]Ada" in said.out


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        ((), 2, "Missing argument"),
        (("/nowhere",), 2, "cannot read it: no such file"),
        (("/etc",), 2, "cannot read it: it is no file"),
        (("/dev/zero",), 2, "cannot read it: it is no file"),
        (("/etc/passwd",), 1, "ends too early, or is no JSON"),
        (("/etc/passwd", "--key", "Ada"), 1, "expected a fingerprint"),
        (("/etc/passwd", "--keys", "/nowhere"), 2, "does not exist"),
    ],
)
def test_bad_input_is_one_sentence(terminal, arguments, code, problem):
    said = terminal.run("verify", *arguments)
    assert said.code == code
    assert problem in said.out + said.err
