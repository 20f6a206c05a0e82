"""``--env``, ``--env-file``, ``--label-file``: variables of flags and files."""

from __future__ import annotations

import os

from labkit.base.errors import os_reason
from labkit.docker_cli.errors import CliError


def read_variables(files: list[str], given: list[str]) -> list[str]:
    """Return variables of files, then those given; a bare name takes the user's own."""
    found = []
    for name in files:
        found += [_from_here(line, file=True) for line in _lines(name, "variable")]
    found += [_from_here(variable) for variable in given]
    return [variable for variable in found if variable]


def read_labels(files: list[str], given: list[str]) -> list[str]:
    """Return the labels of files, then those given."""
    lines = [line for name in files for line in _lines(name, "variable")]
    return [line for line in lines if "=" in line] + given


def _from_here(variable: str, file: bool = False) -> str:
    if "=" in variable:
        return variable
    if variable in os.environ:
        return f"{variable}={os.environ[variable]}"
    return "" if file else variable


def _decoded(line: bytes, number: int, path: str) -> str:
    kept = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
    try:
        return kept.decode()
    except UnicodeDecodeError:
        shown = " ".join(str(byte) for byte in line)
        raise CliError(
            f"invalid env file ({path}): invalid utf8 bytes at line {number}: [{shown}]"
        ) from None


def _lines(path: str, what: str) -> list[str]:
    try:
        with open(path, "rb") as file:
            raw = file.read()
    except IsADirectoryError as error:
        raise CliError(
            f"invalid env file ({path}): read {path}: {os_reason(error)}"
        ) from None
    except OSError as error:
        raise CliError(f"open {path}: {os_reason(error)}") from None
    found = []
    for number, raw_line in enumerate(raw.split(b"\n"), 1):
        line = _decoded(raw_line.removesuffix(b"\r"), number, path).lstrip()
        if not line or line.startswith("#"):
            continue
        name = line.partition("=")[0]
        if not name:
            raise CliError(
                f"invalid env file ({path}): no variable name on line '{line}'"
            )
        if any(letter.isspace() for letter in name):
            raise CliError(
                f"invalid env file ({path}): {what} '{name}' contains whitespaces"
            )
        found.append(line)
    return found
