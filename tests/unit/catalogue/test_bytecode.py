"""labkit.catalogue.bytecode: what becomes of a Python that does not run.

That a real one compiles, the same each time, is shown by the catalogue's own build
(``tests/system/catalogue``).
"""

import pytest

from labkit.base.errors import InternalError
from labkit.base.machine import host_architecture
from labkit.catalogue.bytecode import compile_python
from labkit.catalogue.machines import machine_of
from labkit.catalogue.tree import Tree

ARCHITECTURE = host_architecture()
LOADER = f"usr/lib/{machine_of(ARCHITECTURE).triplet}/ld-linux-lab.so.2"


def test_says_why_it_could_not() -> None:
    lower = Tree().file(LOADER, "#!/bin/sh\necho no luck today\nexit 1\n", 0o755)
    modules = Tree().file("opt/m.py", "pass\n")
    with pytest.raises(InternalError, match="Python modules: no luck today"):
        compile_python(modules, [lower], "opt", ARCHITECTURE)


def test_takes_what_was_compiled() -> None:
    # In the place of the loader: a program that "compiles" each module of the folder.
    script = '#!/bin/sh\nfor last; do :; done\nfor f in "$last"/*.py; do\n'
    script += 'echo compiled > "${f%.py}.pyc"; done\n'
    lower = Tree().file(LOADER, script, 0o755)
    modules = Tree().file("opt/m.py", "pass\n")
    tree = compile_python(modules, [lower], "opt", ARCHITECTURE)
    assert tree["opt/m.pyc"].data == b"compiled\n"
    assert "usr" not in tree
