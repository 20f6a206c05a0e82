import pytest

from labkit.base.errors import InternalError
from labkit.grading.model import Belongings
from labkit.grading.practice import begin, reset_chapter, solve, write_starter
from tests.unit.grading.build import make_exercise
from tests.unit.grading.observe.fakes import have_nothing, serving


@pytest.fixture
def engine(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path / "home"))
    with serving(tmp_path / "s", have_nothing) as host:
        yield host


def test_sets_up_then_solves_in_the_exercises_folder(engine, tmp_path):
    note = tmp_path / "note"
    exercise = make_exercise(
        setup=f"echo setup $net >> {note}",
        solution=f"cat greeting >> {note}",
        starter={"greeting": "hello\n"},
        values={"net": "shop"},
    )
    solve(engine, exercise)
    assert note.read_text() == "setup shop\nhello\n"


def test_a_set_up_finds_the_starter_files_as_their_author_wrote_them(engine, tmp_path):
    note = tmp_path / "note"
    exercise = make_exercise(
        setup=f"cat app/main.py >> {note}; echo changed > app/main.py",
        starter={"app/main.py": "old\n"},
    )
    folder = begin(engine, exercise)
    assert folder is not None
    assert (folder / "app/main.py").read_text() == "old\n"
    (folder / "app/main.py").write_text("mine\n")
    begin(engine, exercise)
    assert (folder / "app/main.py").read_text() == "mine\n"
    assert note.read_text() == "old\nold\n"


def test_starter_files_are_there_although_the_set_up_fails(engine, tmp_path):
    exercise = make_exercise(setup="false", starter={"greeting": "hello\n"})
    with pytest.raises(InternalError):
        begin(engine, exercise)
    assert write_starter(exercise).joinpath("greeting").is_file()


def test_a_set_up_that_fails_says_so(engine):
    with pytest.raises(InternalError, match="cannot set up: it broke"):
        begin(engine, make_exercise(setup="echo it broke; false"))


def test_a_solution_that_fails_says_so(engine):
    with pytest.raises(InternalError, match="cannot solve c05-e1: exit code 3"):
        solve(engine, make_exercise(solution="exit 3"))


def test_a_starter_file_is_never_written_over(engine):
    exercise = make_exercise(starter={"app/main.py": "old\n"})
    folder = write_starter(exercise)
    assert folder is not None
    (folder / "app/main.py").write_text("mine\n")
    assert write_starter(exercise) == folder
    assert (folder / "app/main.py").read_text() == "mine\n"
    assert write_starter(make_exercise()) is None


def test_an_empty_engine_has_nothing_to_reset(engine):
    exercise = make_exercise(owns=Belongings(("web",), ("net",)))
    steps = Belongings(("mongodb",))
    assert reset_chapter(engine, "chapter05", [exercise], steps) == ()
