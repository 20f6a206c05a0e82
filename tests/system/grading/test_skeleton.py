"""A new exercise can be proved before its author has written a word."""

import pytest

from labkit.grading.lint import lint_exercises
from labkit.grading.load import load_exercise
from labkit.grading.skeleton import make_exercise_file

pytestmark = [pytest.mark.root, pytest.mark.slow, pytest.mark.timeout(120)]


def test_every_claim_of_a_skeleton_holds(stocked_lab, tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path))
    exercise = load_exercise(make_exercise_file("c05-e10", tmp_path), "any")
    proofs = list(lint_exercises(stocked_lab.host, [exercise]))
    assert len(proofs) == 7
    assert [proof for proof in proofs if not proof.holds] == []
