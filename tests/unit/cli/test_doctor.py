import json
import subprocess
import sys

import pytest


@pytest.mark.slow
def test_passes_on_what_the_doctor_says():
    done = subprocess.run(
        [sys.executable, "-m", "labkit.cli.main", "doctor", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1)
    assert isinstance(json.loads(done.stdout), dict)
