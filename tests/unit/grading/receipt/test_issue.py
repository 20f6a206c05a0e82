import pytest

from labkit.base.clock import SystemClock
from labkit.base.errors import InvalidInputError, UnavailableError
from labkit.grading.load import load_exercises
from labkit.grading.receipt.issue import issue_receipt
from labkit.grading.receipt.verify import Standing, verify_receipt
from labkit.grading.values import learner_seed
from tests.unit.grading.observe.fakes import NOT_FOUND, answer_with, serving


def _issue(host, home, name="Ada"):
    exercises = load_exercises("chapter05", learner_seed(home))
    return issue_receipt(host, exercises, home, SystemClock(), name)


def test_a_receipt_of_an_empty_engine_is_valid_and_worth_nothing(tmp_path):
    with serving(tmp_path / "s", answer_with(NOT_FOUND)) as host:
        issued = _issue(host, tmp_path)
    verified = verify_receipt(issued.text.encode())
    assert verified.standing is Standing.VALID, verified.reason
    assert verified.grades == issued.grades
    assert verified.points == 0
    assert verified.signed.receipt.name == "Ada"


def test_an_outage_gets_no_receipt(tmp_path):
    with pytest.raises(UnavailableError, match="could not check, so no receipt: no"):
        _issue(f"unix://{tmp_path}/none.sock", tmp_path)


@pytest.mark.parametrize("name", ["\x1b[2J", "a\nb", "x" * 101])
def test_a_name_is_a_line(tmp_path, name):
    with pytest.raises(InvalidInputError, match="at most 100 letters"):
        _issue("unix:///none", tmp_path, name)
