"""``%load_ext labkit.jupyter``: the lab inside a notebook."""

from labkit.jupyter.extension import (
    load_ipython_extension,
    unload_ipython_extension,
)
from labkit.jupyter.widgets import check_button

__all__ = ["check_button", "load_ipython_extension", "unload_ipython_extension"]
