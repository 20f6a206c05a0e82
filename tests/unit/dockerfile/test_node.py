"""Nodes and what they hold."""

from labkit.dockerfile.errors import Lines
from labkit.dockerfile.node import Directive, Document, Heredoc, Node, dump


def test_a_dash_strips_tabs() -> None:
    content = "\ta\n\t\tb \tc\n d\n"
    assert Heredoc("E", True, chomp=True, content=content).text == "a\nb \tc\n d\n"
    assert Heredoc("E", True, chomp=False, content=content).text == content


def test_dumps_nodes_as_lists() -> None:
    run = Node("Run", "", Lines(2, 2), ("--x",), ('a "b"',))
    onbuild = Node("ONBUILD", "", Lines(3, 3), child=run)
    document = Document((run, onbuild), "\\", (), ())
    assert dump(document) == (
        '(run ["--x"] "a \\"b\\"")\n(onbuild (run ["--x"] "a \\"b\\""))\n'
    )
    assert run.name == "RUN"


def test_finds_a_directive() -> None:
    document = Document((), "\\", (Directive("syntax", "x", 1),), ())
    assert document.directive("syntax") == "x"
    assert document.directive("check") == ""
