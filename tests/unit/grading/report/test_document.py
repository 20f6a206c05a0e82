import json

from labkit.grading.report.document import report_document, report_json
from tests.unit.grading.report.examples import DOWN, FAILED, PASSED


def test_has_a_version_an_outcome_and_points():
    document = report_document([PASSED, FAILED])
    assert document["version"] == 1
    assert document["outcome"] == "failed"
    assert (document["points"], document["possible"]) == (2, 7)


def test_an_outage_is_the_outcome_of_the_whole():
    assert report_document([PASSED, FAILED, DOWN])["outcome"] == "could not check"


def test_a_failure_says_field_expected_found_and_next_step():
    check = report_document([FAILED])["exercises"][0]["checks"][0]
    assert check["findings"] == [
        {
            "field": "state",
            "expected": "running",
            "found": "exited with code 1",
            "next_step": "see `docker logs web`",
        }
    ]


def test_the_same_grades_give_the_same_bytes():
    text = report_json([PASSED, FAILED, DOWN])
    assert text == report_json([PASSED, FAILED, DOWN])
    assert json.loads(text) == report_document([PASSED, FAILED, DOWN])
