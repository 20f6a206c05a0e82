"""Chapter 5 in JupyterLab, as a learner sees it: run all, check, solve, check again."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.jupyter import CHROMIUM, open_page, run_all_cells, started_lab
from tests.course.learner import run_labkit
from tests.engines import OurEngine

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium"),
]
RUN_MILLISECONDS = 120_000


@pytest.mark.root
def test_runs_checks_solves_and_checks_again(
    stocked_lab: OurEngine, tmp_path: Path
) -> None:
    # One engine is enough for the browser: what it shows is nbclient's on both.
    docker_host, home = stocked_lab.host, tmp_path / "home"
    run_labkit("reset", "chapter05", host=docker_host, home=home)
    try:
        run_in_the_browser(docker_host, home, tmp_path)
    finally:
        run_labkit("reset", "chapter05", host=docker_host, home=home)


def run_in_the_browser(docker_host: str, home: Path, tmp_path: Path) -> None:
    shots = Path(os.environ.get("LABKIT_SCREENSHOTS", tmp_path))
    shots.mkdir(parents=True, exist_ok=True)
    with started_lab("chapter05", docker_host, home) as room, open_page() as page:
        page.goto(room.address("chapter05.ipynb"))
        run_all(page)
        assert page.locator(".jp-RenderedText[data-mime-type*=stderr]").count() == 0
        button = page.locator("button", has_text="Check").first
        show(button)
        button.focus()
        page.keyboard.press("Enter")
        page.get_by_text("c05-e1 failed").wait_for()
        assert page.get_by_text("Next step:").first.is_visible()
        page.screenshot(path=shots / "before.png")
        run_labkit(
            *("solve", "chapter05", "--exercise", "c05-e1"),
            host=docker_host,
            home=home,
        )
        button.focus()
        page.keyboard.press("Enter")
        page.get_by_text("c05-e1 passed").wait_for()
        page.screenshot(path=shots / "after.png")
        figure = page.locator(".jp-Cell img").first
        show(figure)
        assert figure.evaluate("image => image.naturalWidth") > 0
        page.screenshot(path=shots / "figure.png")


def run_all(page: Page) -> None:
    """Run all cells by the menu, and wait until the kernel is done with them."""
    run_all_cells(page)
    last = page.locator(".jp-Cell", has_text="%exercise c05-e7")
    last.locator("button", has_text="Check").wait_for(
        state="attached", timeout=RUN_MILLISECONDS
    )


def show(thing: Locator) -> None:
    """Scroll to a cell: off the screen JupyterLab draws nothing of it."""
    thing.wait_for(state="attached")
    thing.evaluate("e => e.closest('.jp-Cell').scrollIntoView({block: 'start'})")
    thing.wait_for(state="visible")
    thing.evaluate("e => e.closest('.jp-Cell').scrollIntoView({block: 'start'})")
