"""Which ``docker`` the lab types at: the machine's own, or the bundled one.

The bundled one is a script in a folder of the lab's home, which is in the PATH of the
lab alone, in front where it is chosen; nothing is installed beside a real one. The
person chooses by ``LABKIT_DOCKER_CLI``; unasked, a real one that is there is taken.
"""

import os
import shutil
import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.base.files import write_atomically

CHOICE = "LABKIT_DOCKER_CLI"
_PACKAGE_PARENT = Path(__file__).resolve().parents[2]
_LONGEST_LINE = 120
"""Old kernels cut the first line of a script at 127 bytes."""

_SCRIPT = """\
#!{interpreter} -ISXutf8
import sys
sys.path.append({parent!r})
from labkit.docker_cli.main import start
start(sys.argv[1:])
"""
_SCRIPT_BY_SHELL = """\
#!/bin/sh
exec '{interpreter}' -I -S -X utf8 -c 'import sys
sys.path.append(sys.argv.pop(1))
sys.argv[0] = sys.argv.pop(1)
from labkit.docker_cli.main import start
start(sys.argv[1:])' '{parent}' "$0" "$@"
"""


class DockerCommand(Enum):
    """Whose command line answers to ``docker``."""

    SYSTEM = "system"
    BUNDLED = "bundled"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The command line that was chosen, and where it is."""

    command: DockerCommand
    path: Path


def bundled_folder(home: Path) -> Path:
    """Return the folder of the bundled ``docker``."""
    return home / ".docker" / "bin"


def choose_docker(home: Path) -> Chosen:
    """Return the ``docker`` that the lab uses.

    Raises:
        InvalidInputError: the choice is neither of the two.
        NotFoundError: the machine's own is asked for, and it has none.
    """
    asked = os.environ.get(CHOICE, "")
    if asked not in ("", *(each.value for each in DockerCommand)):
        raise InvalidInputError(
            f"{CHOICE} is {asked!r}: set it to 'bundled' or 'system', or unset it"
        )
    bundled = Chosen(DockerCommand.BUNDLED, bundled_folder(home) / "docker")
    if asked == DockerCommand.BUNDLED.value:
        return bundled
    found = find_system_docker(home)
    if found is not None:
        return Chosen(DockerCommand.SYSTEM, found)
    if asked:
        raise NotFoundError(
            f"{CHOICE} is 'system' and there is no docker in PATH: install Docker's "
            "command line, or unset it to use the bundled one"
        )
    return bundled


def find_system_docker(home: Path) -> Path | None:
    """Return the machine's own ``docker``, if it has one."""
    own = str(bundled_folder(home))
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    path = os.pathsep.join(folder for folder in folders if folder != own)
    found = shutil.which("docker", path=path)
    return Path(found) if found else None


def ensure_bundled_docker(home: Path) -> Path:
    """Write the bundled command's script if it is not as it must be; return it."""
    folder = bundled_folder(home)
    script = folder / "docker"
    text = _script_text()
    try:
        if script.read_text() == text and os.access(script, os.X_OK):
            return script
    except OSError:
        pass
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(script, text.encode(), 0o755)
    return script


def _script_text() -> str:
    interpreter = os.path.realpath(sys.executable)
    simple = " " not in interpreter and len(interpreter) < _LONGEST_LINE
    layout = _SCRIPT if simple else _SCRIPT_BY_SHELL
    return layout.format(interpreter=interpreter, parent=str(_PACKAGE_PARENT))
