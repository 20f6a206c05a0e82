import pytest


def test_writes_an_exercise_and_says_what_to_do(terminal, tmp_path):
    said = terminal.run("new", "exercise", "c4-e10", "--folder", str(tmp_path))
    assert said.code == 0
    path = tmp_path / "chapter04" / "c04-e10.yaml"
    assert said.out.startswith(f"wrote {path}\n")
    assert path.is_file()
    assert "to fill in, line 3: a title of a few words" in said.out
    assert "labkit lint c04-e10" in said.out


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (("exercise",), 2, "Missing argument"),
        (("exercise", "c05-e2"), 1, "c05-e2 is there already"),
        (("exercise", "99"), 1, "no exercises for 'chapter99'"),
        (("exercise", "web"), 1, "no exercises for 'web'"),
    ],
)
def test_bad_input_is_one_sentence(terminal, arguments, code, problem):
    said = terminal.run("new", *arguments)
    assert said.code == code
    assert problem in said.err
