def test_what_needs_no_engine_is_proved_without_one(terminal):
    said = terminal.run("lint", "chapter05", "--files", "-v")
    assert "passed c05-e1: the file is in order" in said.out
    assert said.out.splitlines()[-1].endswith(" failed")


def test_an_exercise_in_the_place_of_its_chapter(terminal):
    said = terminal.run("lint", "c05-e99", "--files")
    assert said.code == 1
    assert "no exercise 'c05-e99' in chapter05; there are c05-e1, " in said.err
    said = terminal.run("lint", "c05-e1", "--files", "-v")
    assert "passed c05-e1: the file is in order" in said.out
    assert "c04-" not in said.out


def test_without_an_engine_the_rest_is_not_proved(terminal):
    said = terminal.run("lint", "chapter05", "--exercise", "c05-e1")
    assert said.code == 2
    assert "no engine answers" in said.err
