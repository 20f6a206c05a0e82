import pytest

from labkit.grading.model import Attempt
from labkit.grading.mutations import (
    mutate_checks,
    prove_score,
    report_mutants,
    score_mutants,
    weaken,
)
from labkit.grading.probes import Page, PageProbe
from labkit.grading.trials import Kind, Played, Trial
from tests.unit.grading.build import (
    make_check,
    make_container,
    make_exercise,
    make_network,
    see,
)

WEB = make_check(
    "container", "web", name="web", image="nginx", env={"A": "1", "B": "2"}
)
RIGHT = make_container(env={"A": "1", "B": "2"})


def _play(exercise, right, *wrong):
    """Make what playing would have given: each wrong one names a check."""
    trials = [Trial(Kind.RIGHT, Attempt("the solution", "true"), see(*right))]
    for name, things in wrong:
        attempt = Attempt(f"wrong for {name}", "true", name)
        trials.append(Trial(Kind.WRONG, attempt, see(*things)))
    return Played(exercise, tuple(trials))


def _shown(played):
    return {mutant.change: mutant.shown_by for mutant in mutate_checks(played)}


def test_each_expectation_is_taken_out_in_turn():
    assert [change for change, _ in weaken(WEB)] == ["state", "image", "env.A", "env.B"]


@pytest.mark.parametrize(
    ("word", "params", "changes"),
    [
        ("container", {"name": "w", "exit_code": 3}, "state exit_code"),
        (
            "container",
            {"name": "w", "only_networks": ["a", "b"]},
            "state only_networks",
        ),
        ("http", {"port": 80}, ""),
        ("http", {"port": 80, "status": 401, "contains": "x"}, "status contains"),
        ("image", {"name": "app", "cmd": ["a", "b"]}, "cmd"),
        ("logs", {"container": "web", "contains": "x"}, "contains"),
    ],
)
def test_what_is_taken_out_is_what_the_author_wrote(word, params, changes):
    made = weaken(make_check(word, **params))
    assert [change for change, _ in made] == changes.split()


def test_what_a_needed_check_asks_is_not_missed():
    limit = make_check("container", "limit", name="web", memory="16m", needs=["web"])
    assert [change for change, _ in weaken(limit, [WEB])] == ["memory"]


def test_an_expectation_is_idle_unless_an_attempt_lacks_nothing_else():
    exercise = make_exercise(WEB)
    bare = make_container(env={})
    other = make_container(env={"A": "1"})
    shown = _shown(_play(exercise, [RIGHT], ("web", [bare]), ("web", [other])))
    assert shown == {
        "removed": "wrong for web",
        "without state": None,
        "without image": None,
        "without env.A": None,
        "without env.B": "wrong for web",
    }


def test_a_check_that_no_attempt_names_is_idle():
    exercise = make_exercise(WEB, make_check("network", "net", name="net"))
    played = _play(exercise, [RIGHT, make_network()], ("web", []))
    removed = {
        m.check: m.is_idle for m in mutate_checks(played) if m.change == "removed"
    }
    assert removed == {"web": False, "net": True}


def test_a_change_that_would_refuse_the_right_is_none():
    check = make_check("file", container="web", path="/x", absent=True)
    played = _play(make_exercise(check), [make_container()])
    assert list(_shown(played)) == ["removed"]


def test_a_change_that_asks_for_something_else_is_none():
    check = make_check("http", port=80, login=["me", "secret"], contains="x")
    page = PageProbe(80, login=("me", "secret"), within_seconds=2)
    trial = Trial(Kind.RIGHT, Attempt("", ""), see(more={page: Page(200, "x")}))
    played = Played(make_exercise(check), (trial,))
    assert list(_shown(played)) == ["removed", "without contains"]


def test_what_is_held_up_by_another_check_slips_through_nowhere():
    second = make_check("container", "limit", name="web", memory="16m", needs=["web"])
    right = make_container(env=RIGHT.env, memory_bytes=16 << 20)
    played = _play(make_exercise(WEB, second), [right], ("web", [make_container()]))
    idle = [m.check for m in mutate_checks(played) if m.change == "without memory"]
    assert idle == ["limit"]


def test_attempts_that_could_not_be_played_show_nothing():
    trial = Trial(Kind.WRONG, Attempt("x", "true", "web"), see(), "its script failed")
    played = Played(make_exercise(WEB), (trial,))
    assert {mutant.shown_by for mutant in mutate_checks(played)} == {None}


def test_the_score_is_the_share_that_is_noticed():
    played = _play(make_exercise(WEB), [RIGHT], ("web", []))
    mutants = list(mutate_checks(played))
    assert str(score_mutants(mutants)) == "1 of 5, 20.0%"
    assert prove_score(mutants).problem == "only 1 of 5, 20.0%"
    assert prove_score([]).holds
    assert list(report_mutants(mutants)) == [
        "idle c05-e1: 'web' without state",
        "idle c05-e1: 'web' without image",
        "idle c05-e1: 'web' without env.A",
        "idle c05-e1: 'web' without env.B",
        "chapter05: 1 of 5, 20.0%",
        "all: 1 of 5, 20.0%",
    ]
