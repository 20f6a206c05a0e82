"""Coming back: a saved notebook whose kernel has ended, and no first cell is run."""

import json
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.jupyter import (
    CHROMIUM,
    Room,
    open_page,
    run_all_cells,
    started_lab,
)
from tests.browser.test_live import write_notebook
from tests.engines import OurEngine

pytestmark = [
    pytest.mark.root,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium"),
]
CELLS = ("%load_ext labkit.jupyter\n%chapter chapter05", "%exercise c05-e1")


def test_says_how_to_have_the_buttons_back_and_one_cell_is_enough(
    lab_engine: OurEngine, tmp_path: Path
) -> None:
    write_notebook(tmp_path / "workspace", CELLS)
    with (
        started_lab("chapter05", lab_engine.host, tmp_path) as room,
        open_page() as page,
    ):
        page.goto(room.address("live.ipynb"))
        run_all_cells(page)
        check = page.get_by_role("button", name="Check", exact=True)
        check.wait_for(state="attached")
        with page.expect_response(lambda answer: answer.request.method == "PUT"):
            page.keyboard.press("Control+s")
        end_kernels(room)
        page.goto("about:blank")
        page.goto(room.address("live.ipynb"))
        page.get_by_text("Run this cell again").wait_for()
        run_second_cell(page)
        check.wait_for()


def run_second_cell(page: Page) -> None:
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.locator(".jp-Notebook .jp-Cell").first.click()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Shift+Enter")


def end_kernels(room: Room) -> None:
    """End all kernels, as ending JupyterLab does."""
    with urllib.request.urlopen(room.api("kernels")) as answer:
        kernels = json.load(answer)
    for kernel in kernels:
        request = urllib.request.Request(
            room.api(f"kernels/{kernel['id']}"), method="DELETE"
        )
        urllib.request.urlopen(request).close()
