"""How much a folder takes."""

import os
import stat


def folder_bytes(path: str) -> int:
    """Return the bytes of all files and links below a folder; hard links count once."""
    total = 0
    seen: set[tuple[int, int]] = set()
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                status = os.lstat(os.path.join(folder, name))
            except FileNotFoundError:
                continue  # gone since it was listed: the folder is in use
            if not (stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode)):
                continue
            key = (status.st_dev, status.st_ino)
            if status.st_nlink > 1 and key in seen:
                continue
            seen.add(key)
            total += status.st_size
    return total
