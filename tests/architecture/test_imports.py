"""Imports go down only, and every module stands on its own."""

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.architecture.source import ROOT, modules

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def copy_of_project(folder: Path) -> Path:
    """Copy what import-linter reads: the contracts and the package's source."""
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for module in modules():
        target = folder / module.path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(module.text)
    return folder


def test_contracts_hold() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("base/ids.py", "import labkit.kernel.flags", "downwards only"),
        ("runtime/model.py", "import labkit.network.model", "downwards only"),
        ("grading/__init__.py", "import labkit.engine.model", "through the Docker API"),
        ("engine/model.py", "import labkit.grading", "knows nothing of the course"),
        ("engine/model.py", "import ctypes", "talks to libc"),
        ("network/model.py", "import labkit.snapshots", "not the layers"),
        ("engine/model.py", "import aiohttp", "nobody serves HTTP"),
    ],
)
def test_contracts_bite(tmp_path: Path, file: str, line: str, contract: str) -> None:
    folder = copy_of_project(tmp_path)
    broken = folder / "labkit" / file
    broken.write_text(f"{broken.read_text()}\n{line}\n")
    result = lint_imports(folder)
    assert result.returncode == 1
    assert any(
        contract in row and "BROKEN" in row for row in result.stdout.splitlines()
    ), result.stdout


def cycles(graph: grimp.ImportGraph) -> list[set[str]]:
    """Find the knots: sets of modules each of which imports itself by way of others."""
    knots: list[set[str]] = []
    for module in sorted(graph.modules):
        if any(module in knot for knot in knots):
            continue
        below = graph.find_upstream_modules(module)
        if module in below or any(
            module in graph.find_upstream_modules(other)
            for other in graph.find_modules_directly_imported_by(module)
        ):
            back = {m for m in below if module in graph.find_upstream_modules(m)}
            knots.append({module, *back})
    return knots


def test_no_module_imports_itself_by_way_of_others() -> None:
    """So every module can be imported first, alone, in a fresh interpreter."""
    assert cycles(grimp.build_graph("labkit", cache_dir=None)) == []


def test_a_cycle_would_be_found() -> None:
    graph = grimp.ImportGraph()
    for importer, imported in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")):
        graph.add_import(importer=importer, imported=imported)
    assert cycles(graph) == [{"a", "b", "c"}]


def test_every_module_can_be_imported() -> None:
    names = [m.name for m in modules() if not m.name.endswith("__main__")]
    program = (
        "import importlib, sys; [importlib.import_module(n) for n in sys.argv[1:]]"
    )
    command = [sys.executable, "-W", "error", "-c", program, *names]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
