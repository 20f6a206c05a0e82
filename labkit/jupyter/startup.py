"""What `labkit lab` has each kernel load when it starts.

A learner who comes back the next day begins in the middle of a notebook. The magics
are there without the first cell, then, and the first one that is used connects the
kernel. Loaded under this name, for ``%load_ext labkit.jupyter`` would otherwise say
that it was loaded already.
"""

from typing import Any

from labkit.jupyter.extension import add_magics


def load_ipython_extension(shell: Any) -> None:
    """Give a kernel the lab's magics, connected or not."""
    add_magics(shell)
