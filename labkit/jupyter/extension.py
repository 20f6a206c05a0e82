"""Load and unload the extension: connect, then register the magics."""

import os
from typing import Any

from labkit.base.errors import LabError
from labkit.base.home import lab_home
from labkit.course.load import book_folder, load_chapter
from labkit.jupyter.connect import connect
from labkit.jupyter.display import show_problem
from labkit.jupyter.live.views import close_views
from labkit.jupyter.magics import CellFailed, LabMagics
from labkit.jupyter.notebook import chapter_of_notebook
from labkit.jupyter.present import present
from labkit.jupyter.session import Session
from labkit.jupyter.widgets import check_button, set_session


def load_ipython_extension(shell: Any) -> None:
    """Connect this kernel with an engine and give it the lab's magics."""
    magics = add_magics(shell)
    try:
        magics.connect()
    except LabError as error:
        present(show_problem(error.message))
        raise CellFailed(f"not connected: {error.message}") from None


def add_magics(shell: Any) -> LabMagics:
    """Give a kernel the lab's magics; the first one used connects it."""
    magics = LabMagics(shell, open_session)
    shell.register_magics(magics)
    shell.push({"check_button": check_button})
    return magics


def open_session() -> Session:
    """Connect this kernel with an engine and open its notebook's chapter.

    Raises:
        UnavailableError: there is no engine and none can be started; says why.
    """
    session = Session(
        connection=connect(),
        home=lab_home(),
        chapter=load_chapter(chapter_of_notebook(os.environ), book_folder()),
        environment=os.environ,
    )
    set_session(session)
    return session


def unload_ipython_extension(shell: Any) -> None:
    """Take back what a learner might otherwise call without an engine."""
    close_views()
    shell.drop_by_id({"check_button": check_button})
