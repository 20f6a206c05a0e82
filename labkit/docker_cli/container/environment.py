"""``--env``, ``--env-file``, ``--label-file``: variables of flags and files."""

from __future__ import annotations

import os

from labkit.docker_cli.errors import CliError, go_reason


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


def _lines(path: str, what: str) -> list[str]:
    try:
        with open(path, "rb") as file:
            raw = file.read()
    except OSError as error:
        raise CliError(f"open {path}: {go_reason(error)}") from None
    try:
        text = raw.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError:
        raise CliError(f"env file {path} contains invalid utf8 bytes") from None
    found = []
    for raw_line in text.splitlines():
        line = raw_line.lstrip()
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
