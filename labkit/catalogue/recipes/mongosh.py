"""mongosh, the real one: 300 packages of npm, in one file that starts quickly."""

import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from labkit.base.errors import InternalError
from labkit.catalogue.machines import machine_of, start_command
from labkit.catalogue.model import LayerRecipe, Pantry
from labkit.catalogue.recipes.base import BASE, GLIBC, ICU, SSL
from labkit.catalogue.recipes.node import NODE
from labkit.catalogue.tree import Tree
from labkit.catalogue.trees import write_folder

_FOLDER = "usr/local/lib/mongosh"
# Native and optional modules that mongosh asks for only in cases that don't arise
# here (Kerberos, encryption, other systems): it copes without each of them.
_EXTERNAL = [
    "kerberos",
    "mongodb-client-encryption",
    "os-dns-native",
    "glibc-version",
    "win-export-certificate-and-key",
    "macos-export-certificate-and-key",
    "snappy",
    "@mongodb-js/zstd",
    "interruptor",
    "electron",
    "cpu-features",
    "*.node",
    "typescript",
    "ipv6-normalize",
    "bindings",
    "@babel/preset-typescript",
    "source-map",
    "pac-proxy-agent",
]


def build_shell(pantry: Pantry) -> Tree:
    """Bundle the packages into one file by esbuild, and compile that ahead."""
    bundle = _bundle(pantry.npm("esbuild"), pantry.npm("mongosh"))
    tree = Tree().file(f"{_FOLDER}/mongosh.js", bundle)
    tree.file(f"{_FOLDER}/run.js", pantry.file("mongo/run.js"))
    tree.file("etc/mongosh.conf", pantry.file("mongo/mongosh.conf"))
    tree.file("usr/local/bin/mongosh", pantry.file("mongo/mongosh"), 0o755)
    below = [pantry.below(layer.name) for layer in NODE_STACK]
    tree.file(f"{_FOLDER}/mongosh.cache", _compile((*below, tree), pantry.architecture))
    return tree.symlink("usr/local/bin/mongo", "mongosh")


def _bundle(esbuild: Path, mongosh: Path) -> bytes:
    programs = sorted(esbuild.glob("node_modules/@esbuild/*/bin/esbuild"))
    if not programs:
        raise InternalError("cannot bundle mongosh: esbuild has no program here")
    command = [
        *(str(programs[0]), "node_modules/@mongosh/cli-repl/lib/run.js", "--bundle"),
        *("--platform=node", "--target=node20", "--minify", "--keep-names"),
        *("--log-level=error", "--log-limit=3"),
        *(f"--external:{name}" for name in _EXTERNAL),
    ]
    return _run(command, mongosh, {}, "bundle")


def _compile(layers: Iterable[Tree], architecture: str) -> bytes:
    """Return V8's code cache of the bundle, made by the node that will run it.

    As with Python's modules (``bytecode``) the program starts right here, by its own
    loader; and with a fixed seed, the cache is the same everywhere.
    """
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_folder(layers, root)
        libraries = root / "usr/lib" / machine_of(architecture).triplet
        (loader,) = libraries.glob("ld-linux-*.so.*")
        for library in libraries.glob("libnode.so.*"):
            # Debian's node reads parts of itself by these paths: here they are below
            # the folder that it is started in.
            data = library.read_bytes()
            library.write_bytes(
                data.replace(b"/usr/share/nodejs/", b"usr/share/nodejs//")
            )
        command = [
            *start_command(architecture, root),
            *(
                str(loader),
                "--library-path",
                str(libraries),
                str(root / "usr/bin/node"),
            ),
            *("--random-seed=1", f"{root}/{_FOLDER}/run.js", "--nodb", "--eval", "1"),
        ]
        environment = {"HOME": name, "MONGOSH_MAKE_CACHE": "1"}
        _run(command, root, environment, "compile")
        return (root / _FOLDER / "mongosh.cache").read_bytes()


def _run(
    command: list[str], folder: Path, environment: dict[str, str], verb: str
) -> bytes:
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, check=True, capture_output=True
        )
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip()
        raise InternalError(f"cannot {verb} mongosh: {reason}") from error
    return done.stdout


NODE_STACK = (BASE, GLIBC, SSL, ICU, NODE)
SHELL = LayerRecipe(
    "mongosh",
    build_shell,
    on=NODE_STACK,
    npm=("esbuild", "mongosh"),
    files=("mongo",),
    runs_programs=True,
)
