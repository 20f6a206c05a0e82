"""``labkit lab``: JupyterLab with the engine running.

The server listens on the loopback address only and keeps Jupyter's token: whoever can
run code in a notebook can do all that this user can. Under sudo this user is not root
but who typed the command: only the engine needs root.
"""

import json
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

import click

import labkit
from labkit.base.clock import SystemClock
from labkit.base.environment import lab_environment
from labkit.base.errors import ForbiddenError
from labkit.base.files import write_atomically
from labkit.base.home import content_folder, lab_home, workspace
from labkit.base.person import Person, become, behind_sudo, hand_over
from labkit.cli.engine_process import ensure_engine
from labkit.cli.names import CHAPTER
from labkit.course.load import book_folder, load_book
from labkit.course.overview import write_overview
from labkit.course.progress import Progress
from labkit.course.resume import resume
from labkit.course.workspace import copy_notebook


@click.command("lab")
@click.argument("chapter", type=CHAPTER, required=False)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8888,
    show_default=True,
    help="Where JupyterLab listens.",
)
@click.option("--no-browser", is_flag=True, help="Print the address, open nothing.")
def lab(chapter: str | None, port: int, no_browser: bool) -> None:
    """Open JupyterLab on your copy of a chapter, such as `labkit lab chapter05`.

    Without a name it is the chapter where you stopped.
    """
    home = lab_home()
    notebook = fill_workspace(chapter)
    host = ensure_engine()
    environment = {**os.environ, **lab_environment(host)}
    write_settings(home / ".jupyter", notebook.name)
    write_kernel(home / ".jupyter")
    environment["JUPYTER_PATH"] = jupyter_path(home / ".jupyter", os.environ)
    person = behind_sudo()
    if person is not None:
        hand_over(home, person)
        become(person)
        environment |= their_environment(person)
        require_access(host)
    arguments = jupyter_arguments(
        notebook.name, home, port, no_browser, os.geteuid() == 0
    )
    os.chdir(home / "workspace")  # where terminals begin, beside the notebooks
    # Jupyter takes this process over, so that ctrl-c and the exit code are its own.
    os.execve(sys.executable, arguments, environment)


def fill_workspace(chapter: str | None) -> Path:
    """Bring all notebooks into the workspace; return the one to open."""
    chapters = load_book(book_folder())
    name = chapter or resume(chapters, Progress(lab_home(), SystemClock())).name
    source = content_folder("notebooks")
    copies = {
        each: copy_notebook(each, source, workspace())
        for each in dict.fromkeys([name, *(chapter.name for chapter in chapters)])
    }
    for copy in copies.values():
        if copy.newer is not None:
            click.echo(
                f"the course has a newer {copy.path.name}: yours stays as it is, "
                f"the new one is {copy.newer.name} beside it",
                err=True,
            )
    write_overview(chapters, workspace())
    return copies[name].path


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


def write_settings(folder: Path, notebook: str) -> None:
    """Set what JupyterLab does unless the learner chose otherwise.

    It would ask for news and updates on the internet, in a lab that promises to do
    without it. The launcher's card opens ``notebook``.
    """
    overrides = {
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
        }
    }
    folder.mkdir(parents=True, exist_ok=True)
    page = {"labkitChapter": notebook}
    for name, settings in (("overrides", overrides), ("page_config", page)):
        text = json.dumps(settings, indent=2) + "\n"
        write_atomically(folder / f"{name}.json", text.encode(), mode=0o644)


def write_kernel(folder: Path) -> None:
    """Say how JupyterLab starts notebooks' kernels: ours, with the lab's magics there.

    It has the name and the look of the one that ipykernel brings, which notebooks ask
    for; elsewhere than in this lab they get that one.
    """
    kernel = folder / "kernels" / "python3"
    kernel.mkdir(parents=True, exist_ok=True)
    spec = {
        "argv": [
            *(sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"),
            "--InteractiveShellApp.extra_extensions=labkit.jupyter.startup",
        ],
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "metadata": {"debugger": True},
    }
    text = json.dumps(spec, indent=2) + "\n"
    write_atomically(kernel / "kernel.json", text.encode(), mode=0o644)
    logo = Path(sys.prefix) / "share/jupyter/kernels/python3/logo-svg.svg"
    if logo.exists():
        write_atomically(kernel / logo.name, logo.read_bytes(), mode=0o644)


def jupyter_path(first: Path, environment: Mapping[str, str]) -> str:
    """Return where Jupyter looks for kernels: ours come before a user's own."""
    others = environment.get("JUPYTER_PATH")
    return os.pathsep.join([str(first), *([others] if others else [])])


def labextensions() -> Path:
    """Return the folder with the launcher's cards, without what notebooks import."""
    return Path(labkit.__path__[0]) / "jupyter" / "labextension"


def jupyter_arguments(
    notebook: str, home: Path, port: int, no_browser: bool, is_root: bool
) -> list[str]:
    """Return the command line of JupyterLab."""
    shell = shlex.quote(os.environ.get("SHELL") or "/bin/sh")
    arguments = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={home / 'workspace'}",
        f"--LabApp.app_settings_dir={home / '.jupyter'}",
        f"--LabApp.extra_labextensions_path={labextensions()}",
        f"--LabApp.default_url=/lab/tree/{notebook}",
        # Without a terminal of its own, Jupyter's server would start login shells, and
        # /etc/profile takes `labkit` and a bundled `docker` out of the PATH again.
        f"--ServerApp.terminado_settings=shell_command={shell}",
    ]
    if no_browser:
        arguments.append("--no-browser")
    if is_root:
        arguments.append("--allow-root")
    return arguments
