"""Removes a tree whatever its modes are."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any


def remove_tree(path: Path) -> None:
    """Remove a folder and all in it; it may be gone already.

    An ordinary user can't empty a folder of his own without write permission on it,
    and overlayfs makes its work folder with mode 0: such folders are opened up first.
    """
    if not os.path.lexists(path):
        return
    shutil.rmtree(path, onerror=_open_up_and_retry)


def _open_up_and_retry(function: Callable[..., Any], path: str, info: Any) -> None:
    error = info[1]
    if isinstance(error, FileNotFoundError):
        return  # somebody else removed it meanwhile
    if not isinstance(error, PermissionError) or os.geteuid() == 0:
        raise error
    for folder in (os.path.dirname(path), path):
        if os.path.isdir(folder) and not os.path.islink(folder):
            os.chmod(folder, 0o700)
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    else:
        os.unlink(path)
