def test_hints_go_up_even_without_an_engine(terminal):
    first, second = terminal.run("hint", "c05-e1"), terminal.run("hint", "c05-e1")
    assert first.code == 0
    assert "hint 1 of 3" in first.out
    assert "hint 2 of 3" in second.out
    assert first.out != second.out
