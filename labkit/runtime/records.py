"""What is left of a container when its shim is gone: ``exit.json``."""

import json
from pathlib import Path

from labkit.base.codec import decode, encode, same_name
from labkit.base.files import write_atomically
from labkit.runtime.model import ExitRecord

EXIT_NAME = "exit.json"


def write_exit(folder: Path, record: ExitRecord) -> None:
    """Record an exit; it is on the disk when this returns."""
    document = json.dumps(encode(record, same_name))
    write_atomically(folder / EXIT_NAME, document.encode())


def read_exit(folder: Path) -> ExitRecord | None:
    """Return the record, or None while there is none."""
    try:
        text = (folder / EXIT_NAME).read_text()
    except FileNotFoundError:
        return None
    return decode(ExitRecord, json.loads(text), same_name, EXIT_NAME)


def remove_exit(folder: Path) -> None:
    (folder / EXIT_NAME).unlink(missing_ok=True)
