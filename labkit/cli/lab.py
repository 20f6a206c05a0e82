"""``labkit lab``: JupyterLab with the engine running.

The server listens on the loopback address only and keeps Jupyter's token: whoever can
run code in a notebook can do all that this user can.
"""

import json
import os
import sys
from pathlib import Path

import click

from labkit.base.environment import lab_environment
from labkit.base.files import write_atomically
from labkit.base.home import content_folder, lab_home, workspace
from labkit.cli.engine_process import ensure_engine
from labkit.course.load import book_folder, load_book
from labkit.course.workspace import copy_notebook


@click.command("lab")
@click.argument("chapter", required=False)
@click.option("--port", type=int, default=8888, show_default=True)
@click.option("--no-browser", is_flag=True, help="Print the address, open nothing.")
def lab(chapter: str | None, port: int, no_browser: bool) -> None:
    """Open JupyterLab on your copy of a chapter, such as `labkit lab chapter05`."""
    name = chapter or load_book(book_folder())[0].name
    notebook = copy_notebook(name, content_folder("notebooks"), workspace())
    environment = {**os.environ, **lab_environment(ensure_engine())}
    arguments = jupyter_arguments(
        notebook.name, lab_home(), port, no_browser, os.geteuid() == 0
    )
    write_settings(lab_home() / ".jupyter")
    # Jupyter takes this process over, so that ctrl-c and the exit code are its own.
    os.execve(sys.executable, arguments, environment)


def write_settings(folder: Path) -> None:
    """Set what JupyterLab does unless the learner chose otherwise.

    It would ask for news and updates on the internet, in a lab that promises to do
    without it.
    """
    overrides = {
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
        }
    }
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(overrides, indent=2) + "\n"
    write_atomically(folder / "overrides.json", text.encode(), mode=0o644)


def jupyter_arguments(
    notebook: str, home: Path, port: int, no_browser: bool, is_root: bool
) -> list[str]:
    """Return the command line of JupyterLab."""
    arguments = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={home / 'workspace'}",
        f"--LabApp.app_settings_dir={home / '.jupyter'}",
        f"--LabApp.default_url=/lab/tree/{notebook}",
    ]
    if no_browser:
        arguments.append("--no-browser")
    if is_root:
        arguments.append("--allow-root")
    return arguments
