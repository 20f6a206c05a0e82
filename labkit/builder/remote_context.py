"""A context that the engine fetches itself: ``remote=`` of the API.

A repository is cloned; a tar is unpacked; text is the Dockerfile, and there is no
context beside it.
"""

from pathlib import Path
from typing import BinaryIO, cast

from labkit.base.errors import InvalidInputError
from labkit.builder.archives import is_archive
from labkit.builder.context import MOST_DOCKERFILE_BYTES, unpack_context
from labkit.builder.git import clone
from labkit.builder.git_reference import is_git, parse_git
from labkit.builder.halt import NO_HALT, Halt
from labkit.builder.remote import Remote, download
from labkit.snapshots.folders import open_root
from labkit.snapshots.model import Limits

_LOCAL = "file://"
_BARE = "github.com/"  # of old, such a context needs no scheme


def fetch_context(url: str, folder: Path, halt: Halt = NO_HALT) -> str:
    """Fill a new folder with a context; return the Dockerfile if that is all it was.

    Raises:
        InvalidInputError: it can't be had, or is no context.
        BuildCancelledError: it was stopped.
    """
    folder.mkdir(mode=0o755)
    if is_git(url) or url.startswith((_LOCAL, _BARE)):
        wanted = parse_git(f"https://{url}" if url.startswith(_BARE) else url)
        clone(wanted, folder, halt)
        return ""
    packed = folder.with_name("packed")
    packed.mkdir(mode=0o700)
    file = packed / "context"
    download(Remote(url), file, halt)
    with open_root((packed,)) as root:
        is_tar = is_archive(root, file.name)
    if is_tar:
        with file.open("rb") as stream:
            unpack_context(cast(BinaryIO, stream), folder, Limits())
        return ""
    if file.stat().st_size > MOST_DOCKERFILE_BYTES:
        raise InvalidInputError(f"{url} is neither a tar nor a Dockerfile")
    return file.read_text(errors="replace")
