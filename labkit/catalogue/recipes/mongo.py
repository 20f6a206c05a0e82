"""A server that speaks MongoDB's protocol, with the real mongosh; and mongo-express.

MongoDB's own licence (SSPL) keeps it out of Debian, PyPI and npm. SecantusDB keeps
documents in WiredTiger, MongoDB's storage engine, and answers the drivers of MongoDB;
the image says so in its labels and in ``mongod --version``.
"""

from labkit.catalogue.bytecode import compile_python
from labkit.catalogue.model import SEARCH_PATH, ImageRecipe, LayerRecipe, Pantry
from labkit.catalogue.recipes.base import BASE, GLIBC, SSL, ServiceUser, add_user
from labkit.catalogue.recipes.mongosh import NODE_STACK, SHELL
from labkit.catalogue.recipes.python import PYTHON, SITE_PACKAGES
from labkit.catalogue.tree import Tree
from labkit.catalogue.trees import read_folder
from labkit.spec.image import ContainerDefaults

_UID = 999
_UNUSED = (
    "secantus/sql/",
    "secantus/admin/",
    "secantus/opsboard/",
    "dateutil/zoneinfo",
)
_GEOMETRY = ("shapely/__init__", "shapely/wkt", "shapely/errors",
             "shapely/geometry/__init__", "shapely/geometry/base",
             "s2sphere/__init__")  # fmt: skip
_TOOLS = ("nyc", "istanbul", "@babel", "@istanbuljs", "caniuse", "browserslist",
          "electron-to", ".")  # fmt: skip
_UNREAD = (".md", ".markdown", ".map", ".ts", ".ai")
_UNREAD_FOLDERS = ("/test/", "/docs/", "/screenshots/")


def build_server(pantry: Pantry) -> Tree:
    tree = pantry.wheel("secantusdb")
    tree.merge(pantry.wheel("pymongo"))
    tree.merge(pantry.wheel("dnspython", "dns"))
    tree.merge(pantry.wheel("python-dateutil", "dateutil"))
    unused = tuple(f"{SITE_PACKAGES}/{name}" for name in _UNUSED)
    tree.remove(lambda path: path.startswith(unused))
    for module in _GEOMETRY:
        tree.file(f"{SITE_PACKAGES}/{module}.py", pantry.file("mongo/no-geometry"))
    tree.file(f"{SITE_PACKAGES}/labmongo.py", pantry.file("mongo/labmongo"))
    for program in ("mongod", "docker-entrypoint.sh"):
        tree.file(f"usr/local/bin/{program}", pantry.file(f"mongo/{program}"), 0o755)
    for folder in ("data/db", "data/configdb"):
        tree.folder(folder, 0o755, _UID)
    tree.folder("docker-entrypoint-initdb.d")
    add_user(tree, pantry, ServiceUser("mongodb", _UID, "/data/db", "/bin/sh"))
    below = [pantry.below(layer.name) for layer in (BASE, GLIBC, SSL, PYTHON)]
    return compile_python(tree, below, SITE_PACKAGES, pantry.architecture)


def build_express(pantry: Pantry) -> Tree:
    modules = pantry.npm("mongo-express") / "node_modules"
    tree = read_folder(modules, "app/node_modules", _is_unread)
    tree.file("app/start.js", pantry.file("mongo-express/start.js"))
    entrypoint = pantry.file("mongo-express/docker-entrypoint.sh")
    return tree.file("docker-entrypoint.sh", entrypoint, 0o755)


def _is_unread(path: str) -> bool:
    """Say whether mongo-express runs without a file; licences stay."""
    if path.startswith(_TOOLS) or any(part in path for part in _UNREAD_FOLDERS):
        return True
    return path.endswith(_UNREAD) and "LICENSE" not in path.upper()


SERVER = LayerRecipe(
    "mongo",
    build_server,
    on=(BASE, GLIBC, SSL, PYTHON),
    wheels=("secantusdb", "pymongo", "dnspython", "python-dateutil"),
    files=("mongo",),
    runs_programs=True,
)
EXPRESS = LayerRecipe(
    "mongo-express",
    build_express,
    on=NODE_STACK,
    npm=("mongo-express",),
    files=("mongo-express",),
)

MONGO = ImageRecipe(
    names=("mongo:4.4", "mongo:latest"),
    layers=(*NODE_STACK, PYTHON, SHELL, SERVER),
    config=ContainerDefaults(
        env=(SEARCH_PATH, "PYTHONUNBUFFERED=1"),
        entrypoint=("docker-entrypoint.sh",),
        cmd=("mongod",),
        exposed_ports={"27017/tcp": {}},
        volumes={"/data/db": {}, "/data/configdb": {}},
    ),
    holds="MongoDB-compatible (SecantusDB {version})",
    version_of="secantusdb",
    licences="GPL-2.0-only AND Apache-2.0",
    note="not MongoDB: no replica sets, no text index, no geo queries; mongosh is real",
)
MONGO_EXPRESS = ImageRecipe(
    names=("mongo-express:latest", "mongo-express:1.0"),
    layers=(*NODE_STACK, EXPRESS),
    config=ContainerDefaults(
        env=(
            SEARCH_PATH,
            "NODE_ENV=production",
            "VCAP_APP_HOST=0.0.0.0",
            "ME_CONFIG_MONGODB_URL=mongodb://mongo:27017",
            "ME_CONFIG_MONGODB_ENABLE_ADMIN=true",
            "ME_CONFIG_SITE_COOKIESECRET=cookiesecret",
            "ME_CONFIG_SITE_SESSIONSECRET=sessionsecret",
        ),
        entrypoint=("/docker-entrypoint.sh",),
        cmd=("mongo-express",),
        exposed_ports={"8081/tcp": {}},
        working_dir="/app",
    ),
    holds="mongo-express {version}",
    version_of="mongo-express",
    licences="MIT",
    note="waits for MongoDB; no login on the page unless ME_CONFIG_BASICAUTH=true",
)
