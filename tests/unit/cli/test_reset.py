def test_without_an_engine_nothing_is_removed(terminal):
    for arguments in (["chapter05"], ["c05-e1"], []):
        said = terminal.run("reset", *arguments)
        assert said.code == 2
        assert said.out == ""
        assert said.err.startswith("labkit: no engine answers")


def test_an_unknown_chapter_is_named(terminal):
    said = terminal.run("reset", "chapter99")
    assert said.code == 1
    assert "chapter99" in said.err
