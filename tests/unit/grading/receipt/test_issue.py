import pytest

from labkit.base.clock import SystemClock
from labkit.base.errors import InvalidInputError, UnavailableError
from labkit.grading.load import load_exercises
from labkit.grading.receipt.issue import Issuer, issue_receipt
from labkit.grading.receipt.verify import Standing, verify_receipt
from labkit.grading.values import learner_seed
from tests.unit.grading.observe.fakes import (
    NOT_FOUND,
    SERVER_ERROR,
    VERSION,
    answer_with,
    serving,
)


def _issue(host, home, name="Ada", partial=False):
    exercises = load_exercises("chapter05", learner_seed(home))
    who = Issuer(name, SystemClock(), partial)
    return issue_receipt(host, exercises, home, who)


def test_a_receipt_of_an_empty_engine_is_valid_and_worth_nothing(tmp_path):
    with serving(tmp_path / "s", answer_with(NOT_FOUND)) as host:
        issued = _issue(host, tmp_path)
    verified = verify_receipt(issued.text.encode())
    assert verified.standing is Standing.VALID, verified.reason
    assert verified.grades == issued.grades
    assert verified.points == 0
    assert verified.signed.receipt.name == "Ada"


@pytest.mark.parametrize("partial", [False, True])
def test_an_outage_gets_no_receipt(tmp_path, partial):
    with pytest.raises(UnavailableError, match=r"checks, so no receipt: no engine"):
        _issue(f"unix://{tmp_path}/none.sock", tmp_path, partial=partial)


def test_one_with_gaps_is_written_only_if_asked_for(tmp_path):
    def fail_for_networks(connection, over):
        asked = connection.recv(65536)
        is_network = b"/networks/" in asked
        found = SERVER_ERROR if is_network else NOT_FOUND
        connection.sendall(VERSION if b"/version" in asked else found)

    with serving(tmp_path / "s", fail_for_networks) as host:
        with pytest.raises(UnavailableError, match="disk is full"):
            _issue(host, tmp_path)
        issued = _issue(host, tmp_path, partial=True)
    verified = verify_receipt(issued.text.encode())
    assert verified.standing is Standing.VALID
    assert verified.unchecked > 0


@pytest.mark.parametrize("name", ["\x1b[2J", "a\nb", "x" * 101])
def test_a_name_is_a_line(tmp_path, name):
    with pytest.raises(InvalidInputError, match="at most 100 letters"):
        _issue("unix:///none", tmp_path, name)
