import time
from pathlib import Path

from labkit.jupyter.interrupted import spell_running


def test_says_that_the_engine_is_gone_rather_than_that_nothing_runs(
    tmp_path: Path,
) -> None:
    said = spell_running(f"unix://{tmp_path}/no.sock", time.time())
    assert said.startswith("; what still runs can't be seen: no engine answers")
