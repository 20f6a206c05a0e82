"""A receipt of what a learner has really made, verified by somebody else."""

import json
from pathlib import Path

import pytest

from tests.course.learner import run_labkit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CHAPTER = "chapter05"


def test_what_was_graded_is_what_is_verified(
    docker_host: str, learner: Path, tmp_path: Path
) -> None:
    there = {"host": docker_host, "home": learner}
    for exercise in ("c05-e1", "c05-e2", "c05-e4"):
        run_labkit("solve", exercise, **there)
    checked = run_labkit("check", CHAPTER, "--json", expected=1, **there)
    path = tmp_path / "ada.json"
    run_labkit("receipt", CHAPTER, "--name", "Ada", "--out", str(path), **there)
    # The instructor has another home, another key and no engine at all.
    desk = {"host": f"unix://{tmp_path}/none.sock", "home": tmp_path / "desk"}
    verified = json.loads(run_labkit("verify", "--json", str(path), **desk))
    (row,) = verified["receipts"]
    report = json.dumps(row["report"], indent=2, ensure_ascii=False) + "\n"
    assert report == checked
    assert row["report"]["points"] > 15
    key = run_labkit("receipt", "--key", **there).strip()
    assert row["key"] == key
    run_labkit("verify", "--key", key, str(path), **desk)
