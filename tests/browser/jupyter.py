"""JupyterLab as a learner starts it, and a browser on it."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.waiting import wait_until

CHROMIUM = next(
    (
        path
        for path in map(Path, ("/usr/bin/chromium", "/usr/bin/chromium-browser"))
        if path.exists()
    ),
    None,
)
_TOKEN = "tests-only"
_START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Room:
    """One learner's place: a folder and an address of JupyterLab."""

    home: Path
    port: int

    def address(self, notebook: str) -> str:
        return f"http://127.0.0.1:{self.port}/lab/tree/{notebook}?token={_TOKEN}"

    def api(self, what: str) -> str:
        """Return where JupyterLab's server answers programs."""
        return f"http://127.0.0.1:{self.port}/api/{what}?token={_TOKEN}"

    def choose_theme(self, theme: str) -> None:
        """Have pages that are opened from now on Light or Dark."""
        folder = self.home / "settings" / "@jupyterlab" / "apputils-extension"
        folder.mkdir(parents=True, exist_ok=True)
        chosen = json.dumps({"theme": f"JupyterLab {theme}"})
        (folder / "themes.jupyterlab-settings").write_text(chosen)


@contextlib.contextmanager
def started_lab(chapter: str, docker_host: str, home: Path) -> Iterator[Room]:
    """Run ``labkit lab`` until the block ends."""
    room = Room(home, _free_port())
    environment = {
        **os.environ,
        "DOCKER_HOST": docker_host,
        "LABKIT_HOME": str(home),
        "JUPYTER_TOKEN": _TOKEN,
        "JUPYTER_CONFIG_DIR": str(home / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    command = [sys.executable, "-m", "labkit.cli.main", "lab", chapter]
    command += ["--no-browser", "--port", str(room.port)]
    with (home / "jupyter.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_until(lambda: _answers(room, process), "JupyterLab", _START_SECONDS)
        yield room
    finally:
        process.terminate()
        process.wait(30)


@contextlib.contextmanager
def open_page(dark: bool = False) -> Iterator[Page]:
    """Open a page in headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        try:
            page = browser.new_page(
                viewport={"width": 1280, "height": 900},
                color_scheme="dark" if dark else "light",
            )
            page.set_default_timeout(90_000)
            yield page
        finally:
            browser.close()


def run_all_cells(page: Page) -> None:
    """Choose *Run All Cells*, as soon as the kernel is there."""
    # Before that, JupyterLab would ask which one to take.
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def _answers(room: Room, process: "subprocess.Popen[bytes]") -> bool:
    if process.poll() is not None:
        log = (room.home / "jupyter.log").read_text()
        raise AssertionError(f"JupyterLab ended:\n{log}")
    try:
        with urllib.request.urlopen(room.api("status"), timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
