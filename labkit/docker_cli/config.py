"""The folder of the user's settings: ``config.json``, contexts, plug-ins."""

from __future__ import annotations

import os
import sys

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.json_text import indented, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.json_text import Json

_OBJECTS = ("auths", "HttpHeaders", "credHelpers", "proxies", "aliases", "plugins")
_TEXTS = ("currentContext", "credsStore", "detachKeys", "psFormat", "imagesFormat")


class Config:
    """``config.json``, read when it is asked for."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._values: dict[str, Json] | None = None

    @property
    def path(self) -> str:
        return os.path.join(self.folder, "config.json")

    @property
    def values(self) -> dict[str, Json]:
        if self._values is None:
            self._values = self._read()
        return self._values

    def _read(self) -> dict[str, Json]:
        try:
            with open(self.path, encoding="utf-8") as file:
                return _checked(parse(file.read() or "{}"))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except (CliError, UnicodeDecodeError) as error:
            said = f"WARNING: Error parsing config file ({self.path}): {error}\n"
            sys.stderr.write(said)
            return {}

    def save(self, values: dict[str, Json]) -> None:
        """Write the settings, whole or not at all, for this user's eyes."""
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        draft = f"{self.path}.{os.getpid()}"
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(fd, "w", encoding="utf-8") as file:
            whole = {"auths": {}, **values}
            file.write(indented(dict(sorted(whole.items())), "\t"))
        os.replace(draft, self.path)
        self._values = values


def _checked(found: Json) -> dict[str, Json]:
    if not isinstance(found, dict):
        return {}
    for name in _OBJECTS:
        if not isinstance(found.get(name) or {}, dict):
            raise CliError(f"{name} is no object")
    for name in _TEXTS:
        if not isinstance(found.get(name) or "", str):
            raise CliError(f"{name} is no string")
    return found


def default_folder() -> str:
    """Return ``DOCKER_CONFIG``, else ``~/.docker``."""
    named = os.environ.get("DOCKER_CONFIG")
    return named or os.path.join(os.path.expanduser("~"), ".docker")
