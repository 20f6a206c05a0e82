"""May an engine start on this kind of machine at all? One sentence if not.

Imports nothing that another system than Linux lacks: it is asked there, too.
"""

import sys

from labkit.base.errors import UnsupportedError


def require_linux(platform: str = sys.platform) -> None:
    """Refuse where no container can be made.

    Raises:
        UnsupportedError: what is missing, and what to do.
    """
    if not platform.startswith("linux"):
        raise UnsupportedError(
            f"containers need a Linux kernel, and this machine runs {platform!r}: set "
            "DOCKER_HOST to a Docker Engine and use the course on that"
        )
