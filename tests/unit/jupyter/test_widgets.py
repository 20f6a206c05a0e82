import os
from pathlib import Path
from typing import Any

import pytest

from labkit.jupyter.connect import Connection
from labkit.jupyter.session import Session
from labkit.jupyter.widgets import check_button, set_session
from tests.unit.course.build import make_chapter


@pytest.fixture
def session(tmp_path: Path) -> Session:
    connection = Connection(f"unix://{tmp_path}/no.sock", on_lab=False)
    environment = {"PATH": os.environ["PATH"]}
    made = Session(connection, tmp_path, make_chapter("text\n"), environment)
    set_session(made)
    return made


def press(box: Any, label: str) -> str:
    row, answer = box.children
    (button,) = (child for child in row.children if child.description == label)
    button.click()
    assert not button.disabled
    return str(answer.value)


def labels(box: Any) -> list[str]:
    return [button.description for button in box.children[0].children]


@pytest.mark.usefixtures("session")
def test_check_shows_the_result_below() -> None:
    assert "could not check" in press(check_button("c05-e1"), "Check")


@pytest.mark.usefixtures("session")
def test_hint_shows_one_hint() -> None:
    assert "Hint 1 of 3" in press(check_button("c05-e1"), "Hint")


@pytest.mark.usefixtures("session")
def test_only_an_exercise_with_a_setup_has_that_button() -> None:
    assert labels(check_button("c05-e1")) == ["Check", "Hint"]
    assert labels(check_button("c05-e3")) == ["Set up", "Check", "Hint"]


@pytest.mark.usefixtures("session")
def test_a_setup_without_engine_says_why() -> None:
    assert "not possible" in press(check_button("c05-e3"), "Set up")
