"""Java classes compiled ahead, by the Java that will run them.

The JDK on PyPI is a runtime: it has no compiler. Eclipse's compiler is one JAR of plain
Java, so it runs on that runtime, here and in the image. The runtime is built for any
Linux with glibc (manylinux), so it needs no container.
"""

import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from labkit.base.errors import InternalError
from labkit.catalogue.machines import start_command
from labkit.catalogue.tree import Tree
from labkit.catalogue.trees import write_folder

_COMPILER = "org.eclipse.jdt.internal.compiler.batch.Main"


def compile_java(
    layers: Iterable[Tree], home: str, compiler: str, sources: Tree, architecture: str
) -> Tree:
    """Compile the sources in a tree; return their classes.

    Args:
        layers: hold the JDK below ``home`` and the compiler's JAR at ``compiler``, and
            the C library that another machine's JDK starts with.
    """
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_folder(layers, root)
        write_folder([sources], root / "sources")
        command = [
            *start_command(architecture, root),
            *(str(root / home / "bin/java"), "-XX:+UseSerialGC"),
            *("-XX:TieredStopAtLevel=1", "-cp", str(root / compiler), _COMPILER),
            *("-17", "-proc:none", "-nowarn", "-d", "classes", "sources"),
        ]
        try:
            subprocess.run(command, cwd=root, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            printed = getattr(error, "stderr", b"") or b""
            lines = printed.decode(errors="replace").strip().splitlines()
            reason = next((line for line in lines if "ERROR" in line), error)
            raise InternalError(f"cannot compile Java: {reason}") from error
        classes = Tree()
        for path in sorted((root / "classes").rglob("*.class")):
            classes.file(path.name, path.read_bytes())
        return classes
