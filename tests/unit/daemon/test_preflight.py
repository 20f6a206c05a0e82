"""Where an engine can't be."""

import pytest

from labkit.base.errors import UnsupportedError
from labkit.daemon.preflight import require_linux


def test_linux_will_do() -> None:
    require_linux("linux")


@pytest.mark.parametrize("platform", ["darwin", "win32", "freebsd14"])
def test_others_are_told_what_to_do(platform: str) -> None:
    with pytest.raises(UnsupportedError, match=f"{platform}.*DOCKER_HOST"):
        require_linux(platform)
