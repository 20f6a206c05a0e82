def test_hints_go_up_even_without_an_engine(terminal):
    first, second = terminal.run("hint", "c05-e1"), terminal.run("hint", "c05-e1")
    assert first.code == 0
    assert "hint 1 of 3" in first.out
    assert "hint 2 of 3" in second.out
    assert first.out != second.out


def test_a_hint_that_cannot_be_noted_is_given_all_the_same(terminal):
    (terminal.home / "progress.db").mkdir(parents=True)
    said = terminal.run("hint", "c05-e1")
    assert said.code == 0
    assert "hint 1 of 3" in said.out
    assert "this hint is not noted: cannot open database" in said.err
