from labkit.jupyter.connect import Connection


def test_says_what_it_is_connected_with() -> None:
    assert str(Connection("unix:///x", True)) == "labkit's engine at unix:///x"
    assert str(Connection("unix:///x", False)) == "a Docker Engine at unix:///x"
