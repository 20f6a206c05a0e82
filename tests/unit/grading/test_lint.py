from dataclasses import replace

import pytest

from labkit.grading import lint, load
from labkit.grading.judge import judge
from labkit.grading.lint import (
    lint_files,
    lint_strays,
    prefix_problem,
    prove_caught,
    prove_full,
    prove_played,
    prove_untouched,
    unnamed_checks,
)
from labkit.grading.load import load_exercises
from labkit.grading.model import Attempt, HintLadder
from labkit.grading.probes import NetworkProbe, Observation
from labkit.grading.trials import Kind, Played, Trial
from tests.unit.grading.build import (
    DOWN,
    make_check,
    make_container,
    make_exercise,
    make_network,
    see,
)

EXERCISE = make_exercise(
    make_check("network", "net", name="net"),
    make_check("container", "web", name="web", needs=["net"]),
)


def _grade(*things):
    return judge(EXERCISE, see(*things))


def test_untouched_must_have_no_points():
    assert prove_untouched(_grade()) is None
    problem = prove_untouched(_grade(make_network()))
    assert problem == "points for doing nothing, by net"


def test_full_marks_or_the_reason_why_not():
    assert prove_full(_grade(make_network(), make_container())) is None
    problem = prove_full(_grade(make_network()))
    assert problem is not None
    assert problem.startswith("'web' refused it: name: expected")


def test_a_wrong_attempt_must_be_caught_by_the_check_it_names():
    web, net = Attempt("x", "true", "web"), Attempt("x", "true", "net")
    assert prove_caught(_grade(make_network()), web) is None
    assert prove_caught(_grade(make_network()), net) == "caught by web"
    solved = _grade(make_network(), make_container())
    assert prove_caught(solved, web) == "accepted"


def test_being_held_up_by_another_check_is_not_being_caught():
    problem = prove_caught(_grade(), Attempt("x", "true", "web"))
    assert problem == "caught by net, web"


def test_an_outage_proves_nothing():
    grade = judge(EXERCISE, Observation({NetworkProbe("net"): DOWN}))
    problem = "'net' could not be checked: no engine answers"
    assert prove_full(grade) == problem
    assert prove_caught(grade, Attempt("x", "true", "net")) == problem


def test_every_check_must_be_named_by_a_wrong_attempt():
    wrong = (Attempt("asleep", "true", "web"),)
    assert unnamed_checks(replace(EXERCISE, wrong=wrong)) == ["net"]


@pytest.mark.parametrize(
    ("when", "problem"),
    [
        ("web.state", None),
        ("web.stat", "no attempt fails by 'web.stat'"),
        ("web.image", "no attempt fails by 'web.image'"),
    ],
)
def test_a_hint_for_a_field_must_be_given_to_an_attempt(when, problem):
    exercise = replace(EXERCISE, hints=(HintLadder(("one", "two", "three"), when),))
    asleep = see(make_network(), make_container(status="created"))
    played = Played(exercise, (Trial(Kind.WRONG, Attempt("x", "true", "web"), asleep),))
    problems = {proof.claim: proof.problem for proof in prove_played(played)}
    assert problems["each hint is given"] == problem


def test_the_course_has_three_hundred_wrong_attempts():
    exercises = load_exercises(None, "any seed")
    assert sum(len(exercise.wrong) for exercise in exercises) >= 300


def test_the_files_of_the_course_are_in_order():
    proofs = list(lint_files(None, "any seed"))
    assert len(proofs) >= 12
    assert [proof for proof in proofs if not proof.holds] == []


def test_two_exercises_must_not_draw_their_names_from_one_prefix():
    prefixes = {}
    first = {"web": {"name": "shop"}, "db": {"name": "shop"}, "port": {"port": None}}
    assert prefix_problem("c01-e1", first, prefixes) is None
    assert prefix_problem("c01-e2", {"net": {"name": "lane"}}, prefixes) is None
    problem = prefix_problem("c01-e3", {"vol": {"name": "shop"}}, prefixes)
    assert problem == "names of c01-e1 begin with 'shop', too"


def test_a_file_that_nobody_reads_is_found(tmp_path, monkeypatch):
    folder = tmp_path / "chapter05"
    folder.mkdir()
    (tmp_path / "schema.json").touch()
    (folder / "c05-e1.yaml").touch()
    monkeypatch.setattr(lint, "content_folder", lambda _: tmp_path)
    monkeypatch.setattr(load, "content_folder", lambda _: tmp_path)
    assert [proof.problem for proof in lint_strays()] == [None]
    (folder / "c05-e2.yml").touch()
    (tmp_path / "chapter5").mkdir()
    (proof,) = lint_strays()
    assert proof.problem == "read by nobody: chapter05/c05-e2.yml, chapter5"


def test_a_starter_file_that_nothing_speaks_of_is_found():
    exercise = make_exercise(starter={"src/app.txt": "a word", "compose.yaml": "x"})
    used = "task: Change `app.txt`.\nstarter:\n  src/app.txt: a word\n"
    assert lint._unused_starter(exercise, used) is None
    problem = lint._unused_starter(exercise, used.replace("`app.txt`", "it"))
    assert problem == "the starter file 'src/app.txt' is used nowhere"
