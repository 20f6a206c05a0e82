"""The notebook without a mouse, and for who can't see it: keys only, and axe."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.accessible import serious_faults
from tests.browser.jupyter import CHROMIUM, open_page, started_lab
from tests.browser.test_live import write_notebook
from tests.engines import TEST_IMAGE, OurEngine

pytestmark = [
    pytest.mark.root,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium"),
]
NAME = "by-keyboard"
CELLS = (
    "%load_ext labkit.jupyter\n%chapter chapter05",
    "%%step list\ndocker network ls",
    "%containers",
    "%topology",
    f"%xray {NAME}",
    f"%layers {TEST_IMAGE}",
    "%progress",
    "%exercise c05-e1",
)
OURS = ".jp-OutputArea-output"
"""Where our outputs are: JupyterLab's own faults are not ours to mend."""
MANY = 60


def test_keys_alone_do_everything_and_axe_finds_no_serious_fault(
    lab_engine: OurEngine, tmp_path: Path
) -> None:
    write_notebook(tmp_path / "workspace", CELLS)
    shots = Path(os.environ.get("LABKIT_SCREENSHOTS", tmp_path))
    loud = ("sh", "-c", "echo hello from inside; exec sleep 1000")
    lab_engine.docker("run", "-d", "--name", NAME, TEST_IMAGE, *loud)
    try:
        with (
            started_lab("chapter05", lab_engine.host, tmp_path) as room,
            open_page() as page,
        ):
            for theme in ("Light", "Dark"):
                room.choose_theme(theme)
                page.goto(room.address("live.ipynb"))
                chosen = f"body[data-jp-theme-name='JupyterLab {theme}']"
                page.locator(chosen).wait_for(state="attached")
                walk_through(page)
                assert serious_faults(page, OURS) == [], theme
                page.screenshot(path=shots / f"keyboard-{theme.lower()}.png")
    finally:
        lab_engine.docker("rm", "-f", "-v", NAME)


def walk_through(page: Page) -> None:
    """Run all cells, use each view, check an exercise and take a hint: by keys."""
    run_cells(page)
    press_until(page, page.get_by_label("Container"), "Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.locator("pre[tabindex]", has_text="hello from inside").wait_for()
    words = page.locator("details", has_text="in words")
    assert words.get_attribute("open") is None
    press_until(page, words.locator("summary"), "Tab")
    page.keyboard.press("Enter")
    page.locator("p", has_text=f"Network bridge, bridge: {NAME}").wait_for()
    section = page.locator("summary", has_text=re.compile("^namespaces$"))
    press_until(page, section, "Tab")
    page.keyboard.press("Space")
    assert not section.evaluate("e => e.parentElement.open")
    check = page.get_by_role("button", name="Check", exact=True)
    press_until(page, check, "Tab")
    page.keyboard.press("Enter")
    page.get_by_text("c05-e1 failed").wait_for()
    press_until(page, page.get_by_role("button", name="Hint", exact=True), "Tab")
    page.keyboard.press("Enter")
    page.get_by_text(re.compile("Hint \\d of")).wait_for()


def run_cells(page: Page) -> None:
    """Run one cell after another, then go back to the first."""
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    for _ in CELLS:
        page.keyboard.press("Shift+Enter")
    page.get_by_role("button", name="Check", exact=True).wait_for(state="attached")
    page.keyboard.press("Escape")
    for _ in range(len(CELLS) + 1):
        page.keyboard.press("k")


def press_until(page: Page, wanted: Locator, key: str) -> None:
    """Press a key until something has the focus: a mouse is never used."""
    wanted.first.wait_for(state="attached")
    for _ in range(MANY):
        if wanted.first.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{MANY} times {key} don't lead to {wanted}")
