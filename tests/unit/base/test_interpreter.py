"""The bare interpreter runs our module, and loads no third party's unasked."""

import subprocess
import sys
from pathlib import Path

import pytest

from labkit.base import interpreter
from labkit.base.interpreter import bare_command


def test_names_module_and_arguments_last() -> None:
    assert bare_command("labkit.x", "7", "a")[-3:] == ["labkit.x", "7", "a"]


def test_the_interpreter_is_the_real_one() -> None:
    assert Path(bare_command("labkit.x")[0]) == Path(sys.executable).resolve()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["runtime.spawner", "files.visitor"])
def test_our_small_processes_start_without_other_peoples_code(name: str) -> None:
    package = Path(interpreter.__file__).parents[2]
    program = f"import sys; sys.path.append({str(package)!r}); import labkit.{name}"
    command = [sys.executable, "-I", "-S", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_finds_other_peoples_code_for_whom_asks() -> None:
    command = bare_command("zstandard")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "module 'zstandard' has no attribute 'main'" in done.stderr


@pytest.mark.slow
def test_whose_imports_are_sealed_finds_only_what_is_built_in() -> None:
    package = Path(interpreter.__file__).parents[2]
    program = (
        f"import sys; sys.path.append({str(package)!r}); "
        "from labkit.base.interpreter import seal_imports; seal_imports(); "
        "import faulthandler, os, xml.dom"
    )
    command = [sys.executable, "-I", "-S", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr.endswith("ModuleNotFoundError: No module named 'xml'\n")


@pytest.mark.slow
def test_finds_our_package_without_the_folder_it_was_started_in() -> None:
    command = bare_command(interpreter.__name__)
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    # It was imported, or else it could not be told that it has no main.
    assert "module 'labkit.base.interpreter' has no attribute 'main'" in done.stderr
