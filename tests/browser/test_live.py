"""The live views in JupyterLab: they follow the engine, and all works by keyboard."""

import os
from collections.abc import Sequence
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page

from tests.browser.jupyter import CHROMIUM, open_page, run_all_cells, started_lab
from tests.engines import TEST_IMAGE, OurEngine
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.root,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium"),
]
NAME = "live-view"
_ANSWER_SECONDS = 30
CELLS = ("%load_ext labkit.jupyter", "%containers", "%topology", f"%xray {NAME}")


def test_follow_the_engine_and_the_keyboard(
    lab_engine: OurEngine, tmp_path: Path
) -> None:
    write_notebook(tmp_path / "workspace")
    loud = ("sh", "-c", "echo hello from inside; exec sleep 1000")
    shots = Path(os.environ.get("LABKIT_SCREENSHOTS", tmp_path))
    with started_lab("chapter05", lab_engine.host, tmp_path) as room:
        lab_engine.docker("run", "-d", "--name", NAME, TEST_IMAGE, *loud)
        try:
            with open_page() as page:
                page.goto(room.address("live.ipynb"))
                run_all_cells(page)
                look(page, lab_engine)
                page.screenshot(path=shots / "live.png")
                open_by_the_launcher(page, shots)
                type_in_a_terminal(page, tmp_path / "workspace")
        finally:
            lab_engine.docker("rm", "-f", "-v", NAME)


def look(page: Page, engine: OurEngine) -> None:
    table = page.locator("table", has=page.locator("caption"))
    table.get_by_text("● Up").wait_for()
    # From the list of containers on with the keyboard only.
    page.get_by_label("Container").select_option(NAME)
    page.get_by_label("Container").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.locator("pre[tabindex]", has_text="hello from inside").wait_for()
    page.keyboard.press("ArrowDown")
    page.locator("figcaption", has_text="memory").wait_for()
    # Nobody runs a cell again: the views hear of it.
    engine.docker("pause", NAME)
    table.get_by_text("(Paused)").wait_for()
    engine.docker("unpause", NAME)
    drawing = page.locator("svg", has_text="Containers and networks")
    drawing.get_by_text(NAME).first.wait_for(state="attached")
    page.get_by_text(f"x-ray of {NAME}").wait_for(state="attached")


def open_by_the_launcher(page: Page, shots: Path) -> None:
    """Press both of our cards: the chapter where one stopped, and the overview."""
    page.get_by_role("button", name="New Launcher").first.click()
    card = page.locator(".jp-LauncherCard", has_text="Docker lab")
    card.wait_for()
    page.screenshot(path=shots / "launcher.png")
    card.click()
    page.get_by_role("tab", name="chapter05.ipynb").wait_for()
    page.get_by_role("button", name="New Launcher").first.click()
    page.locator(".jp-LauncherCard", has_text="Course progress").click()
    page.get_by_text("Docker, hands on").last.wait_for()
    page.screenshot(path=shots / "progress.png")


def type_in_a_terminal(page: Page, workspace: Path) -> None:
    """See that a terminal begins beside the notebooks, and knows the lab's programs."""
    page.get_by_role("button", name="New Launcher").first.click()
    page.locator(".jp-LauncherCard", has_text="Terminal").click()
    page.locator(".jp-Terminal textarea").wait_for(state="attached")
    page.keyboard.type("labkit --version > typed && docker ps >> typed\n")
    typed = workspace / "typed"
    wait_until(
        lambda: typed.exists() and NAME in typed.read_text(),
        "labkit and docker have answered",
        _ANSWER_SECONDS,
    )


def write_notebook(folder: Path, sources: Sequence[str] = CELLS) -> None:
    cells = [nbformat.v4.new_code_cell(text) for text in sources]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "live.ipynb")
