"""labkit.catalogue.cache: one place, one builder at a time."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.catalogue.cache import default_cache, locked

ASK = "import os, sys; sys.path.insert(0, sys.argv[1]); "
ASK += "from labkit.catalogue.cache import default_cache; print(default_cache())"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variables", "place"),
    [
        ({"HOME": "/h"}, "/h/.cache/labkit"),
        ({"HOME": "/h", "XDG_CACHE_HOME": "/x"}, "/x/labkit"),
    ],
)
def test_is_where_caches_are(variables: dict[str, str], place: str) -> None:
    clean = {name: text for name, text in os.environ.items() if "XDG" not in name}
    root = str(Path(__file__).parents[3])
    command = [sys.executable, "-c", ASK, root]
    done = subprocess.run(
        command, env={**clean, **variables}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == place


def test_has_a_place_by_default() -> None:
    assert default_cache().name == "labkit"


def is_free(cache: Path) -> bool:
    with (cache / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def test_keeps_others_out(tmp_path: Path) -> None:
    with locked(tmp_path / "cache"):
        assert not is_free(tmp_path / "cache")
    assert is_free(tmp_path / "cache")
