from pathlib import Path

import pytest

from labkit.base.errors import UnavailableError
from labkit.course.engine import is_lab_engine


def test_says_that_nobody_answers(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="no engine answers at unix://"):
        is_lab_engine(f"unix://{tmp_path}/no.sock")
