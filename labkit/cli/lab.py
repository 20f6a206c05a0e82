"""``labkit lab``: JupyterLab with the engine running.

The server listens on the loopback address only and keeps Jupyter's token: whoever can
run code in a notebook can do all that this user can. Under sudo this user is not root
but who typed the command: only the engine needs root.
"""

import json
import os
import sys
from pathlib import Path

import click

from labkit.base.clock import SystemClock
from labkit.base.environment import lab_environment
from labkit.base.errors import ForbiddenError
from labkit.base.files import write_atomically
from labkit.base.home import content_folder, lab_home, workspace
from labkit.base.person import Person, become, behind_sudo, hand_over
from labkit.cli.engine_process import ensure_engine
from labkit.course.load import book_folder, load_book
from labkit.course.progress import Progress
from labkit.course.resume import resume
from labkit.course.workspace import copy_notebook


@click.command("lab")
@click.argument("chapter", required=False)
@click.option("--port", type=int, default=8888, show_default=True)
@click.option("--no-browser", is_flag=True, help="Print the address, open nothing.")
def lab(chapter: str | None, port: int, no_browser: bool) -> None:
    """Open JupyterLab on your copy of a chapter, such as `labkit lab chapter05`.

    Without a name it is the chapter where you stopped.
    """
    record = Progress(lab_home(), SystemClock())
    name = chapter or resume(load_book(book_folder()), record).name
    notebook = copy_notebook(name, content_folder("notebooks"), workspace())
    home = lab_home()
    host = ensure_engine()
    environment = {**os.environ, **lab_environment(host)}
    write_settings(home / ".jupyter")
    person = behind_sudo()
    if person is not None:
        hand_over(home, person)
        become(person)
        environment |= their_environment(person)
        require_access(host)
    arguments = jupyter_arguments(
        notebook.name, home, port, no_browser, os.geteuid() == 0
    )
    # Jupyter takes this process over, so that ctrl-c and the exit code are its own.
    os.execve(sys.executable, arguments, environment)


def their_environment(person: Person) -> dict[str, str]:
    """Return what has to change where root's environment becomes a person's."""
    return {"HOME": str(person.home), "USER": person.name, "LOGNAME": person.name}


def require_access(host: str) -> None:
    """See that the engine's socket is open to who is going to use it.

    Raises:
        ForbiddenError: the engine was started for somebody else.
    """
    path = host.removeprefix("unix://")
    if path != host and not os.access(path, os.W_OK):
        raise ForbiddenError(
            f"the engine at {host} was started for another user: "
            "run `labkit engine stop` with sudo, and this again"
        )


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
