"""``labkit lab``: JupyterLab with the engine running.

The server listens on the loopback address only and keeps Jupyter's token: whoever can
run code in a notebook can do all that this user can.
"""

import os
import sys

import click

from labkit.base.environment import lab_environment
from labkit.base.home import content_folder, workspace
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
        notebook.name, str(workspace()), port, no_browser, os.geteuid() == 0
    )
    # Jupyter takes this process over, so that ctrl-c and the exit code are its own.
    os.execve(sys.executable, arguments, environment)


def jupyter_arguments(
    notebook: str, root: str, port: int, no_browser: bool, is_root: bool
) -> list[str]:
    """Return the command line of JupyterLab."""
    arguments = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/lab/tree/{notebook}",
    ]
    if no_browser:
        arguments.append("--no-browser")
    if is_root:
        arguments.append("--allow-root")
    return arguments
