"""labkit.catalogue.javac: what becomes of a compiler that does not run.

That a real one compiles is shown by the catalogue's own build (``tests/system``).
"""

import pytest

from labkit.base.errors import InternalError
from labkit.base.machine import host_architecture
from labkit.catalogue.javac import compile_java
from labkit.catalogue.tree import Tree

HERE = host_architecture()
SOURCES = Tree().file("A.java", "class A {}\n")


def runtime(script: str) -> Tree:
    """Return a tree with a program in the place of java."""
    return Tree().file("opt/java/bin/java", f"#!/bin/sh\n{script}\n", 0o755)


def test_says_why_it_could_not() -> None:
    script = "echo '1. ERROR in A.java (at line 1)' >&2; echo 1 problem >&2; exit 1"
    with pytest.raises(InternalError, match=r"compile Java: 1\. ERROR in A\.java"):
        compile_java([runtime(script)], "opt/java", "ecj.jar", SOURCES, HERE)


def test_takes_the_classes() -> None:
    script = "test -f sources/A.java && mkdir classes && echo class > classes/A.class"
    classes = compile_java([runtime(script)], "opt/java", "ecj.jar", SOURCES, HERE)
    assert [(path, entry.data) for path, entry in classes.items()] == [
        ("A.class", b"class\n")
    ]
