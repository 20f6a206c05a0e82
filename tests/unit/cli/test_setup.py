def test_without_an_engine_nothing_is_set_up(terminal):
    said = terminal.run("setup", "c05-e3")
    assert said.code == 2
    assert said.err.startswith("labkit: no engine answers")


def test_a_near_miss_is_answered_with_what_there_is(terminal):
    said = terminal.run("setup", "c05-e99")
    assert said.code == 1
    assert "chapter05 has c05-e1, c05-e2" in said.err
