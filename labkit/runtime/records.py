"""What is left of a container when its shim is gone: ``exit.json``."""

import json
from pathlib import Path

from labkit.base.codec import decode, encode, same_name
from labkit.base.errors import InvalidInputError
from labkit.base.files import write_atomically
from labkit.runtime.model import ExitRecord

EXIT_NAME = "exit.json"


def write_exit(folder: Path, record: ExitRecord) -> None:
    """Record an exit; it is on the disk when this returns."""
    document = json.dumps(encode(record, same_name))
    write_atomically(folder / EXIT_NAME, document.encode())


def read_exit(folder: Path) -> ExitRecord | None:
    """Return the record, or None while there is none that can be read.

    It is written as a whole: half a record is somebody else's doing, and tells nothing.
    """
    try:
        document = json.loads((folder / EXIT_NAME).read_bytes())
        return decode(ExitRecord, document, same_name, EXIT_NAME)
    except (FileNotFoundError, ValueError, InvalidInputError):
        return None


def remove_exit(folder: Path) -> None:
    (folder / EXIT_NAME).unlink(missing_ok=True)
