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
from labkit.jupyter.present import present
from labkit.jupyter.session import Session
from labkit.jupyter.widgets import check_button, set_session

_FIRST_CHAPTER = "chapter01"
"""Open until ``%chapter`` names another: to read the whole book takes a while."""


def load_ipython_extension(shell: Any) -> None:
    """Connect this kernel with an engine and give it the lab's magics."""
    try:
        session = Session(
            connection=connect(),
            home=lab_home(),
            chapter=load_chapter(_FIRST_CHAPTER, book_folder()),
            environment=os.environ,
        )
    except LabError as error:
        present(show_problem(error.message))
        raise CellFailed(f"not connected: {error.message}") from None
    magics = LabMagics(shell)
    magics.session = session
    shell.register_magics(magics)
    set_session(session)
    shell.push({"check_button": check_button})


def unload_ipython_extension(shell: Any) -> None:
    """Take back what a learner might otherwise call without an engine."""
    close_views()
    shell.drop_by_id({"check_button": check_button})
