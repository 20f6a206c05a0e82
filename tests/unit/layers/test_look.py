"""labkit.layers.look: nobody at home. Real engines: ``tests/contract/layers``."""

from pathlib import Path

import pytest

from labkit.base.errors import UnavailableError
from labkit.layers.look import look_at_image


def test_says_that_no_engine_answers(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="no engine answers"):
        look_at_image(f"unix://{tmp_path}/none.sock", "app")
