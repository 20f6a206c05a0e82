import pytest

from labkit.grading.probes import ContainerProbe, Observation
from labkit.grading.receipt.key import fingerprint, public_of
from labkit.grading.receipt.verify import Standing, find_twins, verify_receipt
from tests.unit.grading.build import make_container
from tests.unit.grading.receipt.examples import (
    make_key,
    make_receipt,
    make_text,
    tamper,
)


def _verify(folder, **changes):
    return verify_receipt(make_text(folder, **changes).encode())


def test_a_receipt_is_judged_once_more(tmp_path):
    verified = _verify(tmp_path)
    assert verified.standing is Standing.VALID, verified.reason
    assert verified.points == make_receipt().report["points"] > 0
    assert verified.possible == make_receipt().report["possible"]


def test_a_report_that_its_maker_has_polished_is_not_valid(tmp_path):
    report = {**make_receipt().report, "points": 1000}
    verified = _verify(tmp_path, report=report)
    assert verified.standing is Standing.NOT_VALID
    assert "it says 1000 points, judged once more it has" in verified.reason
    assert verified.points < 1000


def test_what_another_grader_says_otherwise_could_not_be_checked(tmp_path):
    report = {**make_receipt().report, "points": 1000}
    verified = _verify(tmp_path, report=report, labkit="0.0.9")
    assert verified.standing is Standing.COULD_NOT_CHECK
    assert "made with labkit 0.0.9, and this is" in verified.reason
    assert _verify(tmp_path, labkit="0.0.9").standing is Standing.VALID


@pytest.mark.parametrize("kind", [float, str])
def test_numbers_are_written_in_one_way(tmp_path, kind):
    points = kind(make_receipt().report["points"])
    verified = _verify(tmp_path, report={**make_receipt().report, "points": points})
    assert verified.standing is Standing.NOT_VALID


def test_an_editor_leaves_traces(tmp_path):
    text = make_text(tmp_path)
    verified = verify_receipt(tamper(text, "signed", "report", "points", value=9))
    assert verified.standing is Standing.NOT_VALID
    assert "changed after it was signed" in verified.reason


def test_a_newer_version_could_not_be_checked(tmp_path):
    verified = verify_receipt(tamper(make_text(tmp_path), "version", value=2))
    assert verified.standing is Standing.COULD_NOT_CHECK


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"chapter": "chapter77"}, "no chapter 'chapter77'"),
        ({"chapter": "../../etc"}, "no chapter '../../etc'"),
        ({"editions": {}}, "no exercise c05-e1, which this course has"),
        ({"editions": {"c05-e99": ""}}, "this course has no exercise 'c05-e99'"),
    ],
)
def test_another_course_could_not_be_checked(tmp_path, changes, reason):
    verified = _verify(tmp_path, **changes)
    assert verified.standing is Standing.COULD_NOT_CHECK
    assert reason in verified.reason


def test_another_version_of_an_exercise_could_not_be_checked(tmp_path):
    editions = {**make_receipt().editions, "c05-e2": "0" * 64}
    verified = _verify(tmp_path, editions=editions)
    assert verified.standing is Standing.COULD_NOT_CHECK
    assert "another version of exercise c05-e2: use the course" in verified.reason


def test_only_known_keys_are_trusted_if_some_are_named(tmp_path):
    text = make_text(tmp_path).encode()
    mine = fingerprint(public_of(make_key(tmp_path)))
    assert verify_receipt(text, {mine: "Ada"}).standing is Standing.VALID
    foreign = verify_receipt(text, {"0" * 32: "Bob"})
    assert foreign.standing is Standing.NOT_VALID
    assert f"its key {mine} is none of those" in foreign.reason


def test_what_can_not_have_been_seen_is_not_valid(tmp_path):
    # A running container, and a page that answers neither so nor so.
    answers = dict(make_receipt().observation.answers)
    for probe in answers:
        if isinstance(probe, ContainerProbe):
            answers[probe] = make_container(probe.name)
    seen, report = Observation(answers), make_receipt().report
    verified = _verify(tmp_path, observation=seen, report=report)
    assert verified.standing is Standing.NOT_VALID
    assert "what it says was seen can't be: " in verified.reason


def test_an_observation_with_holes_is_no_pass(tmp_path):
    verified = _verify(tmp_path, observation=Observation({ContainerProbe("x"): None}))
    assert verified.points == 0


def test_the_same_things_under_two_keys_are_noticed(tmp_path):
    mine, copied = _verify(tmp_path / "a"), _verify(tmp_path / "b")
    assert find_twins({"a": mine, "b": copied}) == {"b": "a"}
    assert find_twins({"a": mine, "again": _verify(tmp_path / "a")}) == {}
