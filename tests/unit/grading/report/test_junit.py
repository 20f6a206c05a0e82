import xml.etree.ElementTree as ET

from labkit.grading.report.junit import report_junit
from tests.unit.grading.report.examples import DOWN, FAILED, PASSED


def test_failures_and_outages_are_told_apart():
    root = ET.fromstring(report_junit([PASSED, FAILED, DOWN]))
    counts = [(suite.get("failures"), suite.get("errors")) for suite in root]
    assert counts == [("0", "0"), ("2", "0"), ("0", "1")]


def test_a_failure_carries_what_was_expected_and_found():
    root = ET.fromstring(report_junit([FAILED]))
    failure = root.find("./testsuite/testcase/failure")
    assert failure is not None
    assert failure.get("message") == (
        "state: expected running, found exited with code 1"
    )


def test_a_failure_says_what_to_do_next():
    root = ET.fromstring(report_junit([FAILED]))
    failure = root.find("./testsuite/testcase/failure")
    assert failure is not None
    (step,) = FAILED.verdicts[0].findings
    assert f"\nnext step: {step.next_step}" in (failure.text or "")


def test_text_that_xml_can_not_hold_is_replaced():
    root = ET.fromstring(report_junit([DOWN]))
    case = root.find("./testsuite/testcase")
    assert case is not None
    assert case.get("name") == "joined: It is on both <networks> & \ufffd more"
