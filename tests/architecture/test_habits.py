"""Small habits that reviews would repeat for ever."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture import exemptions
from tests.architecture.source import PACKAGE, ROOT, modules

TESTS = ROOT / "tests"
SCENES = TESTS / "contract" / "cli" / "scenes"
LATE_BY_DESIGN = "labkit/docker_cli/"  # its docstring says what a start may cost
LAZY_IMPORTS_ALLOWED = {
    "labkit/cli/main.py",  # a verb's module is loaded when it is called: start-up time
    "labkit/daemon/main.py",  # the engine is imported while its processes come up
}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        module.name
        for module in modules()
        if module.tree.body and ast.get_docstring(module.tree) is None
    ]
    assert silent == []


def test_package_files_hold_no_logic() -> None:
    allowed = (ast.Import, ast.ImportFrom, ast.Assign, ast.Expr)
    busy = [
        module.name
        for module in modules()
        if module.path.name == "__init__.py"
        and any(not isinstance(node, allowed) for node in module.tree.body)
    ]
    assert busy == []


def test_every_module_has_its_own_test() -> None:
    """``labkit/a/b.py`` has ``a/test_b.py`` or a ``test_b.py`` of another layer.

    A verb of the bundled docker has a scene instead: what is typed, at two commands.
    """
    lonely = []
    tests = [path.relative_to(TESTS) for path in TESTS.rglob("test_*.py")]
    for module in modules():
        path = module.path.relative_to(PACKAGE)
        short = str(module.path.relative_to(ROOT))
        if path.name in ("__init__.py", "__main__.py"):
            continue
        if short in exemptions.WITHOUT_OWN_TEST:
            continue
        if _has_scene(path):
            continue
        package = path.parent.name
        wanted = f"test_{path.stem}"
        if not any(
            test.stem.startswith(wanted)
            and (package in test.parts or test.stem == wanted)
            for test in tests
        ):
            lonely.append(short)
    assert lonely == []


def _has_scene(path: Path) -> bool:
    if path.parts[0] != "docker_cli":
        return False
    scene = SCENES / Path(*path.parts[1:]).with_suffix(".txt")
    return scene.exists()


def test_imports_stand_at_the_top() -> None:
    late = []
    for module in modules():
        short = str(module.path.relative_to(ROOT))
        if short in LAZY_IMPORTS_ALLOWED or short.startswith(LATE_BY_DESIGN):
            continue
        top = {id(node) for node in module.tree.body}
        for node in ast.walk(module.tree):
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                top.update(id(child) for child in node.body)
        late += [
            f"{short}:{node.lineno}"
            for node in ast.walk(module.tree)
            if isinstance(node, (ast.Import, ast.ImportFrom)) and id(node) not in top
        ]
    assert late == []


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"except Exception:\s*\n\s*pass\b", "a swallowed error"),
        (r"\bTODO\b(?!\(#\d+\))", "a TODO without an issue number"),
        (r"asyncio\.create_task", "a task without an owner: use a TaskGroup"),
        (r"shell=True", "a shell between us and the arguments"),
    ],
)
def test_habits_hold(pattern: str, why: str) -> None:
    found = [
        f"{module.path.relative_to(ROOT)}: {why}"
        for module in modules()
        for _ in re.finditer(pattern, module.text)
    ]
    assert found == []


def test_nobody_sleeps_without_a_reason() -> None:
    sleeping = {
        str(module.path.relative_to(ROOT))
        for module in modules()
        if "time.sleep(" in module.text
    }
    assert sleeping == set(exemptions.WAITS)


def test_tests_never_sleep_nor_mock() -> None:
    """Tests wait for a state with a deadline, and use the real thing or a fake."""
    banned = re.compile(r"unittest\.mock|time\.sleep\(|asyncio\.sleep\((?!0\))")
    waiting = TESTS / "waiting.py"
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted(TESTS.rglob("*.py"))
        if path not in (waiting, TESTS / "architecture" / "test_habits.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if banned.search(line)
    ]
    assert found == []


def test_pytest_passes_over_no_folder_of_tests(pytestconfig: pytest.Config) -> None:
    ignored = pytestconfig.getini("norecursedirs")
    skipped = [
        folder
        for folder in TESTS.rglob("*")
        if any(folder.glob("test_*.py")) and any(map(folder.match, ignored))
    ]
    assert skipped == []
