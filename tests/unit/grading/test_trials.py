from pathlib import Path

from labkit.grading.model import Attempt, Outcome
from labkit.grading.trials import Kind, Played, Trial, attempts_of, play_exercise
from tests.unit.grading.build import make_check, make_container, make_exercise, see
from tests.unit.grading.observe.fakes import have_nothing, serving

EXERCISE = make_exercise(
    make_check("container", "web", name="web"),
    also=(Attempt("another way", "run it"),),
    wrong=(Attempt("asleep", "create it", "web"),),
)


def test_everything_that_an_author_wrote_is_played_in_order():
    played = [(kind, attempt.title) for kind, attempt in attempts_of(EXERCISE)]
    assert played == [
        (Kind.UNTOUCHED, "untouched"),
        (Kind.RIGHT, "the solution"),
        (Kind.RIGHT, "another way"),
        (Kind.WRONG, "asleep"),
    ]


def test_what_was_seen_is_judged_as_often_as_one_likes():
    right = Trial(Kind.RIGHT, EXERCISE.also[0], see(make_container()))
    wrong = Trial(Kind.WRONG, EXERCISE.wrong[0], see(make_container(status="created")))
    played = Played(EXERCISE, (right, wrong))
    for _ in range(2):
        assert played.grade(right).outcome is Outcome.PASSED
        assert played.grade(wrong).outcome is Outcome.FAILED


def test_an_attempt_finds_nothing_of_the_one_before_it_and_leaves_nothing(
    tmp_path, monkeypatch
):
    home = tmp_path / "home"
    monkeypatch.setenv("LABKIT_HOME", str(home))
    script = "grep -q before greeting; ! ls written; echo after > greeting; > written"
    exercise = make_exercise(
        starter={"greeting": "before\n"},
        solution=script,
        also=(Attempt("once more", script),),
    )
    with serving(tmp_path / "s", have_nothing) as engine:
        played = play_exercise(engine, exercise)
    assert [trial.problem for trial in played.trials] == [None, None, None]
    assert not (home / "workspace").exists()


def test_an_attempts_logins_are_its_own(tmp_path, monkeypatch):
    home = tmp_path / "home"
    monkeypatch.setenv("LABKIT_HOME", str(home))
    script = 'cd "$DOCKER_CONFIG"; ls -d cli-plugins; ! ls config.json; > config.json'
    exercise = make_exercise(solution=script, also=(Attempt("once more", script),))
    with serving(tmp_path / "s", have_nothing) as engine:
        played = play_exercise(engine, exercise)
    assert [trial.problem for trial in played.trials] == [None, None, None]
    assert not (home / ".docker" / "config.json").exists()


def test_what_an_attempt_wrote_is_there_and_readable_when_it_is_looked_at(tmp_path):
    where = tmp_path / "where"
    modes = set()

    def look(connection, over):
        if where.exists():
            folder = Path(where.read_text().strip())
            modes.add(folder.stat().st_mode & 0o777 if folder.exists() else None)
        have_nothing(connection, over)

    exercise = make_exercise(
        make_check("container", "web", name="web"), solution=f"pwd > {where}"
    )
    with serving(tmp_path / "s", look) as engine:
        play_exercise(engine, exercise)
        modes.discard(None)
        assert modes == {0o755}
