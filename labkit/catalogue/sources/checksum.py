"""Is a downloaded file there, and is it the right one?"""

import hashlib
from pathlib import Path


def has_sha256(path: Path, wanted: str) -> bool:
    """Say whether a file is there and has this hash."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == wanted
    except FileNotFoundError:
        return False
