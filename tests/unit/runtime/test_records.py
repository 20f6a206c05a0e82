"""The exit record on disk."""

from pathlib import Path

from labkit.runtime.model import ExitRecord
from labkit.runtime.records import read_exit, remove_exit, write_exit


def test_reads_what_it_wrote_and_forgets_it(tmp_path: Path) -> None:
    assert read_exit(tmp_path) is None
    record = ExitRecord(137, 1_700_000_000_000_000_001, oom_killed=True)
    write_exit(tmp_path, record)
    assert read_exit(tmp_path) == record
    remove_exit(tmp_path)
    remove_exit(tmp_path)
    assert read_exit(tmp_path) is None


def test_half_a_record_is_none(tmp_path: Path) -> None:
    for text in ('{"exit_co', "[]", '{"exit_code": "x"}'):
        (tmp_path / "exit.json").write_text(text)
        assert read_exit(tmp_path) is None
