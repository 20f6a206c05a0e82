"""Python modules compiled ahead, by the Python that will run them.

Without it a container compiles its modules at every start, since what it writes is
lost with it: three seconds instead of one until mongod answers. That Python is in the
layers, so it runs right here, without a container: its own loader starts it with its
own libraries from a folder that the layers were put into (ld.so(8), "--library-path").

The result must be the same everywhere: hashes instead of times in the .pyc files, the
path in the image instead of the folder's, a fixed hash seed, and one process.
"""

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from labkit.base.errors import InternalError
from labkit.catalogue.machines import machine_of, start_command
from labkit.catalogue.tree import Tree
from labkit.catalogue.trees import write_folder

_PYTHON = "usr/bin/python3.13"


def compile_python(
    tree: Tree, below: Sequence[Tree], folder: str, architecture: str
) -> Tree:
    """Add a .pyc beside every module of a folder.

    Args:
        below: the layers that hold the interpreter and its libraries.
    """
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_folder((*below, tree), root)
        _run(root, root / folder, architecture)
        for compiled in sorted((root / folder).rglob("*.pyc")):
            path = compiled.relative_to(root).as_posix()
            tree.file(path, compiled.read_bytes())
    return tree


def _run(root: Path, folder: Path, architecture: str) -> None:
    libraries = root / "usr/lib" / machine_of(architecture).triplet
    (loader,) = libraries.glob("ld-linux-*.so.*")
    command = [
        *start_command(architecture, root),
        *(str(loader), "--library-path", str(libraries), str(root / _PYTHON)),
        *("-s", "-S", "-m", "compileall", "-q", "-j", "1"),
        *("--invalidation-mode", "unchecked-hash", "-s", str(root), "-p", "/"),
        str(folder),
    ]
    environment = {
        "PYTHONHOME": str(root / "usr"),
        "PYTHONHASHSEED": "0",
        # What the compiler itself imports is compiled by the rules here, too, and not
        # in passing, with this folder's path in it.
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    try:
        subprocess.run(command, env=environment, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        printed = getattr(error, "stdout", b"") or b""
        reason = printed.decode(errors="replace").strip().splitlines()
        raise InternalError(
            f"cannot compile Python modules: {reason[-1] if reason else error}"
        ) from error
