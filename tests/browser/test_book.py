"""The book as a site: at a desk and on a phone, light and dark, for everybody."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from labkit.cli.book import build_site, exercise_titles
from labkit.course.load import book_folder, load_book
from tests.browser.accessible import serious_faults
from tests.browser.jupyter import CHROMIUM, open_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium"),
]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PAGES = ("index", *(chapter.name for chapter in load_book(book_folder())))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build_site(load_book(book_folder()), exercise_titles(), folder)
    return folder


@pytest.fixture(scope="module", params=["light", "dark"])
def page(request: pytest.FixtureRequest) -> Iterator[Page]:
    with open_page(dark=request.param == "dark") as page:
        yield page


def test_every_page_fits_and_keeps_nobody_out(page: Page, site: Path) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    for name in PAGES:
        page.goto((site / f"{name}.html").as_uri())
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            assert width_of(page) <= size["width"], (name, size)
            if folder := os.environ.get("LABKIT_SCREENSHOTS"):
                dark = page.evaluate(
                    "matchMedia('(prefers-color-scheme: dark)').matches"
                )
                file = f"{name}-{size['width']}-{'dark' if dark else 'light'}.png"
                page.screenshot(path=Path(folder) / file)
        assert serious_faults(page) == [], name
    assert errors == []


def test_on_paper_no_line_is_cut_off(page: Page, site: Path) -> None:
    page.set_viewport_size({"width": 700, "height": 1000})  # of A4, less its margins
    page.emulate_media(media="print")
    for name in PAGES:
        page.goto((site / f"{name}.html").as_uri())
        cut = page.evaluate(
            "[...document.querySelectorAll('pre')]"
            ".filter(e => e.scrollWidth > e.clientWidth || "
            "e.scrollHeight > e.clientHeight + 1).map(e => e.textContent)"
        )
        assert cut == [], name
        assert paper(page) == "rgb(255, 255, 255)"
    page.emulate_media(media="screen")


def test_search_theme_and_copying_by_keyboard(page: Page, site: Path) -> None:
    page.set_viewport_size(DESK)
    page.goto((site / "chapter05.html").as_uri())
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the text"
    page.keyboard.press("Tab")
    page.keyboard.type("masquerading")
    hit = page.locator(".found a").first
    hit.wait_for()
    assert serious_faults(page, ".bar") == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#the-way-out-and-the-way-in")
    button = page.get_by_role("button", name="Change between light and dark")
    before = paper(page)
    button.focus()
    page.keyboard.press("Enter")
    assert paper(page) != before
    assert serious_faults(page) == []
    page.keyboard.press("Enter")
    assert paper(page) == before


def test_shows_what_the_steps_printed_and_on_which_images(
    page: Page, site: Path
) -> None:
    page.goto((site / "chapter05.html").as_uri())
    assert page.locator(".output").count() > 20
    page.get_by_text("What printed the outputs on this page").click()
    assert page.locator(".origin li", has_text="mongo:4.4").is_visible()


def width_of(page: Page) -> int:
    """Return how wide a page is: wider than the window means scrolling sideways."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def paper(page: Page) -> str:
    colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return colour


def focused(page: Page) -> str:
    text: str = page.evaluate("document.activeElement.textContent")
    return text
