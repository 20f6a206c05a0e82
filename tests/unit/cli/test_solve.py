def test_without_an_engine_nothing_is_solved(terminal):
    said = terminal.run("solve", "chapter05")
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("labkit: no engine answers")


def test_something_must_be_named(terminal):
    said = terminal.run("solve").err
    assert "name a chapter" in said
    assert "--all" not in said  # which it has not
