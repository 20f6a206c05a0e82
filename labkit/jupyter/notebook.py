"""Which chapter a kernel's notebook is, as Jupyter's server says."""

import re
from collections.abc import Mapping
from pathlib import PurePath

_FIRST = "chapter01"
"""Open until ``%chapter`` names another: to read the whole book takes a while."""


def chapter_of_notebook(environment: Mapping[str, str]) -> str:
    """Return the chapter that a notebook is called after, else the first.

    Jupyter's server gives a kernel the path of the notebook that it is started for.
    """
    name = PurePath(environment.get("JPY_SESSION_NAME", "")).name
    found = re.match(r"chapter(0[1-9]|1[0-2])(?!\d)", name)
    return found.group() if found else _FIRST
