"""Node.js with npm."""

from labkit.catalogue.model import (
    SEARCH_PATH,
    DebPackage,
    ImageRecipe,
    LayerRecipe,
    Pantry,
)
from labkit.catalogue.recipes.base import BASE, GLIBC, ICU, SSL, ServiceUser, add_user
from labkit.catalogue.tree import Tree
from labkit.catalogue.trees import read_folder
from labkit.spec.image import ContainerDefaults

_LIBRARIES = ("libuv1t64", "libbrotli1", "libcares2", "libnghttp2-14")
# Debian keeps parts of node's own JavaScript outside of it; node aborts without them.
_BUILT_IN = {
    "node-undici": ("usr/share/nodejs/undici/undici-fetch.js",),
    "node-acorn": (
        "usr/share/nodejs/acorn/dist/acorn.js",
        "usr/share/nodejs/acorn-walk/dist/walk.js",
    ),
    "node-cjs-module-lexer": ("usr/share/nodejs/cjs-module-lexer/*lexer.js",),
    "node-minimatch": ("usr/share/nodejs/minimatch/dist/cjs/index.bundle.js",),
}
_NPM = "usr/local/lib/node_modules/npm"
_NPM_CONFIGURATION = "audit=false\nfund=false\nupdate-notifier=false\n"
_UNREAD = (".md", ".map", ".d.ts")


def build_node(pantry: Pantry) -> Tree:
    tree = pantry.deb("nodejs", keep=("usr/bin/node*",)).merge(pantry.deb("libnode115"))
    for package, keep in _BUILT_IN.items():
        tree.merge(pantry.deb(package, keep=keep))
    for package in _LIBRARIES:
        tree.merge(pantry.deb(package))
    return tree.symlink("usr/local/bin/node", "/usr/bin/node")


def build_npm(pantry: Pantry) -> Tree:
    source = pantry.npm("npm") / "node_modules" / "npm"
    tree = read_folder(source, _NPM, _is_unread)
    for program in ("npm", "npx"):
        tree.symlink(
            f"usr/local/bin/{program}", f"../lib/node_modules/npm/bin/{program}-cli.js"
        )
        tree.chmod(f"{_NPM}/bin/{program}-cli.js", 0o755)
    # npm would ask a registry about audits, funds and updates: there is none.
    tree.file(f"{_NPM}/npmrc", _NPM_CONFIGURATION)
    add_user(tree, pantry, ServiceUser("node", 1000, "/home/node", "/bin/sh"))
    tree.folder("home/node", 0o755, 1000)
    entrypoint = pantry.file("node/docker-entrypoint.sh")
    return tree.file("usr/local/bin/docker-entrypoint.sh", entrypoint, 0o755)


def _is_unread(path: str) -> bool:
    """Say whether nothing that runs reads a file; licences stay."""
    inner = path.startswith(("man/", "docs/")) or "/test/" in path
    return inner or (path.endswith(_UNREAD) and "LICENSE" not in path.upper())


NODE = LayerRecipe(
    "node",
    build_node,
    on=(BASE, GLIBC, SSL, ICU),
    debs=tuple(
        DebPackage(name) for name in ("nodejs", "libnode115", *_BUILT_IN, *_LIBRARIES)
    ),
)
NPM = LayerRecipe(
    "npm", build_npm, on=(BASE, GLIBC, SSL, ICU, NODE), npm=("npm",), files=("node",)
)

NODE_IMAGE = ImageRecipe(
    names=("node:20-alpine", "node:20", "node:lts-alpine"),
    layers=(BASE, GLIBC, SSL, ICU, NODE, NPM),
    config=ContainerDefaults(
        env=(SEARCH_PATH, "NODE_VERSION={version}"),
        entrypoint=("docker-entrypoint.sh",),
        cmd=("node",),
    ),
    holds="Node.js {version}",
    version_of="nodejs",
    licences="MIT AND Artistic-2.0",
    note="glibc, not musl; no yarn",
)
