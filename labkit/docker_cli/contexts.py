"""Contexts: names for engines, kept in files as docker/cli keeps them."""

from __future__ import annotations

import hashlib
import os
import shutil

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.json_text import compact, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.config import Config
    from labkit.docker_cli.json_text import Json

DEFAULT = "default"


class Context:
    """A named engine."""

    __slots__ = ("description", "host", "name", "skip_tls_verify")

    def __init__(
        self, name: str, host: str, description: str = "", skip_tls_verify: bool = False
    ) -> None:
        self.name = name
        self.host = host
        self.description = description
        self.skip_tls_verify = skip_tls_verify


def meta_folder(config: Config, name: str) -> str:
    """Return the folder of a context's description."""
    return os.path.join(config.folder, "contexts", "meta", identity(name))


def tls_folder(config: Config, name: str) -> str:
    """Return the folder of a context's certificates."""
    return os.path.join(config.folder, "contexts", "tls", identity(name))


def identity(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def load(config: Config, name: str) -> Context:
    """Return a context that is kept in files.

    Raises:
        CliError: there is none of that name.
    """
    path = os.path.join(meta_folder(config, name), "meta.json")
    try:
        with open(path, encoding="utf-8") as file:
            return _read(parse(file.read()))
    except OSError:
        raise CliError(
            f'context "{name}": context not found: open {path}: '
            "no such file or directory"
        ) from None


def _read(found: Json) -> Context:
    endpoint = found.get("Endpoints", {}).get("docker", {})
    return Context(
        found["Name"],
        endpoint.get("Host", ""),
        found.get("Metadata", {}).get("Description", ""),
        endpoint.get("SkipTLSVerify", False),
    )


def load_all(config: Config) -> list[Context]:
    """Return the contexts in files, by name."""
    folder = os.path.join(config.folder, "contexts", "meta")
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    found = []
    for name in names:
        path = os.path.join(folder, name, "meta.json")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                found.append(_read(parse(file.read())))
    return sorted(found, key=lambda context: context.name)


def save(config: Config, context: Context) -> None:
    """Write a context's file."""
    folder = meta_folder(config, context.name)
    os.makedirs(folder, exist_ok=True)
    metadata = {"Description": context.description} if context.description else {}
    endpoint = {"Host": context.host, "SkipTLSVerify": context.skip_tls_verify}
    document = {
        "Name": context.name,
        "Metadata": metadata,
        "Endpoints": {"docker": endpoint},
    }
    with open(os.path.join(folder, "meta.json"), "w", encoding="utf-8") as file:
        file.write(compact(document))


def remove(config: Config, name: str) -> None:
    """Take a context's files away."""
    shutil.rmtree(meta_folder(config, name), ignore_errors=True)
    shutil.rmtree(tls_folder(config, name), ignore_errors=True)


def check_new(config: Config, name: str) -> None:
    """Refuse what can't be a context's name, and what is another's.

    Raises:
        CliError: in Docker's words.
    """
    check_name(name)
    if os.path.exists(os.path.join(meta_folder(config, name), "meta.json")):
        raise CliError(f'context "{name}" already exists')


def check_name(name: str) -> None:
    """Refuse what can't be a context's name."""
    if not name:
        raise CliError("context name cannot be empty")
    if name == DEFAULT:
        raise CliError('"default" is a reserved context name')
    allowed = name.isascii() and name[0].isalnum() and len(name) > 1
    if not allowed or not all(c.isalnum() or c in "_.+-" for c in name):
        raise CliError(
            f'context name "{name}" is invalid, names are validated against regexp '
            '"^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$"'
        )
