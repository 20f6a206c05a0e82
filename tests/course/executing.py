"""Execute a notebook by nbclient: ``python -m tests.course.executing CHAPTER HOME``.

A program of its own, so that a test can put it where there is no network; it prints
the notebook with its outputs.
"""

import json
import sys
import warnings
from typing import Any

import nbclient

from labkit.base.home import content_folder
from labkit.course.notebook import read_notebook


def execute(chapter: str, home: str) -> Any:
    """Return a chapter's notebook with its outputs."""
    notebook = read_notebook(content_folder("notebooks") / f"{chapter}.ipynb")
    client = nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3")
    client.execute(cwd=home)
    return notebook


if __name__ == "__main__":
    # The kernel talks over loopback; jupyter_client warns of that, tests need no more.
    warnings.simplefilter("ignore", DeprecationWarning)
    sys.stdout.write(json.dumps(execute(*sys.argv[1:])))
