"""CPython with pip."""

from labkit.catalogue.bytecode import compile_python
from labkit.catalogue.model import (
    SEARCH_PATH,
    DebPackage,
    ImageRecipe,
    LayerRecipe,
    Pantry,
)
from labkit.catalogue.recipes.base import BASE, GLIBC, SSL
from labkit.catalogue.recipes.libraries import add_libraries
from labkit.catalogue.tree import Tree
from labkit.spec.image import ContainerDefaults

SITE_PACKAGES = "usr/local/lib/python3.13/dist-packages"
_PARTS = ("python3.13-minimal", "libpython3.13-minimal", "libpython3.13-stdlib")
_LIBRARIES = [
    "libexpat1",
    "libffi8",
    "libsqlite3-0",
    "libbz2-1.0",
    "liblzma5",
    "libuuid1",
    "libreadline8t64",
    "libncursesw6",
    "libtinfo6",
]
_FOR_DESKTOPS = ("usr/share/binfmts", "usr/share/applications", "usr/share/pixmaps")
_UNUSABLE = ("/ensurepip/", "lib-dynload/_dbm.", "lib-dynload/_tkinter.")


def build_python(pantry: Pantry) -> Tree:
    tree = Tree()
    for package in _PARTS:
        tree.merge(pantry.deb(package))
    tree.remove(
        lambda path: (
            path.startswith(_FOR_DESKTOPS)
            or any(part in path for part in ("/__pycache__/", *_UNUSABLE))
        )
    )
    add_libraries(tree, pantry, _LIBRARIES, (BASE, GLIBC, SSL))
    tree.symlink("usr/bin/python3", "python3.13")
    tree.symlink("usr/local/bin/python", "/usr/bin/python3.13")
    tree.symlink("usr/local/bin/python3", "/usr/bin/python3.13")
    below = [pantry.below(layer.name) for layer in (BASE, GLIBC, SSL)]
    return compile_python(tree, below, "usr/lib/python3.13", pantry.architecture)


def build_pip(pantry: Pantry) -> Tree:
    tree = pantry.wheel("pip", "pip")
    tree.remove(lambda path: path.endswith(".exe"))  # which start scripts on Windows
    tree.file("usr/local/bin/pip", pantry.file("python/pip"), 0o755)
    return tree.symlink("usr/local/bin/pip3", "pip")


PYTHON = LayerRecipe(
    "python",
    build_python,
    on=(BASE, GLIBC, SSL),
    debs=tuple(DebPackage(name) for name in (*_PARTS, *_LIBRARIES)),
    runs_programs=True,
)
PIP = LayerRecipe(
    "pip", build_pip, on=(BASE, GLIBC, SSL, PYTHON), wheels=("pip",), files=("python",)
)

PYTHON_IMAGE = ImageRecipe(
    names=("python:3-slim", "python:3.13-slim"),
    layers=(BASE, GLIBC, SSL, PYTHON, PIP),
    config=ContainerDefaults(
        # Debian marks its Python as its own and pip refuses to add to it; the last
        # variable says that in this image pip is the owner.
        env=(SEARCH_PATH, "LANG=C.UTF-8", "PIP_BREAK_SYSTEM_PACKAGES=1"),
        cmd=("python3",),
    ),
    holds="CPython {version}",
    version_of="python3.13-minimal",
    licences="PSF-2.0 AND MIT",
)
