"""Where the course's files are: book, labs, exercises, notebooks, recipes.

In a checkout they lie beside the package; an installed wheel carries them inside it,
in ``labkit/content``. Everybody who reads them asks here.
"""

from pathlib import Path

import labkit


def content_root() -> Path:
    """Return the folder that holds ``book``, ``exercises`` and ``notebooks``."""
    package = Path(labkit.__file__).resolve().parent
    packed = package / "content"
    return packed if packed.is_dir() else package.parent
