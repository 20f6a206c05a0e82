from labkit.grading.judge import UNKNOWN, debrief, judge, judge_check, probes_of
from labkit.grading.model import LiveValue, Outcome
from labkit.grading.probes import ContainerProbe, NetworkProbe, Observation
from tests.unit.grading.build import (
    DOWN,
    attach,
    make_check,
    make_container,
    make_exercise,
    make_network,
    see,
)

NET = make_check("network", "net", 2, name="net")
WEB = make_check("container", "web", 3, name="web", needs=["net"])
WEB_ALONE = make_check("container", "web", name="web")


def test_each_check_gets_its_points():
    grade = judge(make_exercise(NET, WEB), see(make_network(), make_container()))
    assert [verdict.points for verdict in grade.verdicts] == [2, 3]
    assert grade.outcome is Outcome.PASSED


def test_credit_is_partial():
    grade = judge(make_exercise(NET, WEB), see(make_network()))
    assert (grade.points, grade.possible) == (2, 5)
    assert grade.outcome is Outcome.FAILED


def test_a_check_waits_for_the_one_it_needs():
    grade = judge(make_exercise(NET, WEB), see(make_container()))
    blocked = grade.verdicts[1]
    assert blocked.outcome is Outcome.FAILED
    assert blocked.findings[0].field == "needs"
    assert NET.title in blocked.findings[0].expected


def test_an_outage_is_passed_on_to_checks_that_need_the_answer():
    seen = Observation(
        {NetworkProbe("net"): DOWN, ContainerProbe("web"): make_container()}
    )
    grade = judge(make_exercise(NET, WEB), seen)
    assert [verdict.outcome for verdict in grade.verdicts] == [
        Outcome.COULD_NOT_CHECK,
        Outcome.COULD_NOT_CHECK,
    ]
    assert grade.verdicts[0].reason == "no engine answers"
    assert "could not be checked" in (grade.verdicts[1].reason or "")


def test_what_was_not_observed_could_not_be_checked():
    verdict = judge_check(NET, Observation())
    assert verdict.outcome is Outcome.COULD_NOT_CHECK


def test_judging_twice_says_the_same():
    exercise, seen = make_exercise(NET, WEB), see(make_network())
    assert judge(exercise, seen) == judge(exercise, seen)


def _with_debrief():
    return make_exercise(
        NET,
        values={"net": "net"},
        debrief="${net} is ${subnet} via ${gateway}; ${ip}, ${id}, ${gone}",
        live={
            "subnet": LiveValue("subnet", network="net"),
            "gateway": LiveValue("gateway", network="net"),
            "ip": LiveValue("ip", container="web", network="net"),
            "id": LiveValue("id", container="web"),
            "gone": LiveValue("ip", container="nobody"),
        },
    )


def test_debriefs_with_live_values_once_all_passed():
    exercise = _with_debrief()
    seen = see(make_network(), make_container(attachments=attach("net", "bridge")))
    assert judge(exercise, seen).debrief == (
        f"net is 10.9.0.0/24 via 10.9.0.1; 10.9.0.2, c0ffeec0ffee, {UNKNOWN}"
    )
    assert judge(exercise, see()).debrief is None


def test_a_debrief_survives_an_outage():
    seen = Observation({NetworkProbe("net"): DOWN, ContainerProbe("web"): DOWN})
    assert UNKNOWN in debrief(_with_debrief(), seen)


def test_observes_what_checks_and_debrief_need():
    probes = set(probes_of(_with_debrief()))
    assert probes >= {NetworkProbe("net"), ContainerProbe("web")}


def test_points_to_the_set_up_where_what_it_makes_is_missing():
    prepared = make_exercise(WEB_ALONE, setup="docker run ...")
    (verdict,) = judge(prepared, see()).verdicts
    step = verdict.findings[0].next_step
    assert step.startswith("if you have not begun yet: `labkit setup c05-e1`; if you")
    assert "have: make it: `docker run" in step
    (verdict,) = judge(make_exercise(WEB_ALONE), see()).verdicts
    assert "labkit setup" not in verdict.findings[0].next_step


def test_quotes_what_differs_in_blanks_only():
    check = make_check("container", name="web", env={"WORD": "wren"})
    for value, told in (("wren ", ("'wren'", "'wren '")), ("owl", ("wren", "owl"))):
        seen = see(make_container(env={"WORD": value}))
        (finding,) = judge_check(check, seen).findings
        assert (finding.expected, finding.found) == told


def test_points_to_the_hints_where_only_the_author_knows_what_to_change():
    check = make_check("logs", container="web", contains="ready")
    (verdict,) = judge(make_exercise(check), see(make_container())).verdicts
    assert verdict.findings[0].next_step.endswith("; how: `labkit hint c05-e1`")
    (verdict,) = judge(make_exercise(WEB_ALONE), see()).verdicts
    assert "labkit hint" not in verdict.findings[0].next_step


def test_what_a_set_up_put_there_comes_back_by_beginning_again():
    check = make_check("file", container="web", path="/data", contains="x")
    prepared = make_exercise(check, setup="docker run ...")
    (verdict,) = judge(prepared, see(make_container())).verdicts
    again = "is it lost, begin again: `labkit setup c05-e1`"
    assert verdict.findings[0].next_step.endswith(again)
