"""The folder of the user's settings: ``config.json``, contexts, plug-ins."""

from __future__ import annotations

import os
import sys

from labkit.base.errors import os_reason
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.json_text import indented, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.json_text import Json

_OBJECTS = {
    "auths": "map[string]types.AuthConfig",
    "HttpHeaders": "map[string]string",
    "credHelpers": "map[string]string",
    "proxies": "map[string]configfile.ProxyConfig",
    "aliases": "map[string]string",
    "plugins": "map[string]map[string]string",
}
_TEXTS = dict.fromkeys(
    ("currentContext", "credsStore", "detachKeys", "psFormat", "imagesFormat"), "string"
)
_WHOLE = "configfile.ConfigFile"
_WRONG = "json: cannot unmarshal {} into Go {} of type {}"


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
                text = file.read()
            return _checked(_parsed(text) if text.strip() else {})
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except IsADirectoryError as error:
            self._warn(f"read {self.path}: {os_reason(error)}")
        except (CliError, UnicodeDecodeError) as error:
            self._warn(str(error))
        except OSError as error:
            reason = f"loading config file: open {self.path}: {os_reason(error)}"
            sys.stderr.write(f"WARNING: Error {reason}\n")
        return {}

    def _warn(self, problem: str) -> None:
        said = f"WARNING: Error parsing config file ({self.path}): {problem}\n"
        sys.stderr.write(said)

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


def _parsed(text: str) -> Json:
    try:
        return parse(text)
    except CliError:
        # Late: hardly ever needed, and Python's own parser takes ten milliseconds.
        from labkit.base.go_json import problem_of

        raise CliError(problem_of(text)) from None


def _checked(found: Json) -> dict[str, Json]:
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise CliError(_WRONG.format(_kind(found), "value", _WHOLE))
    for kind, wanted in ((dict, _OBJECTS), (str, _TEXTS)):
        for name, type_name in wanted.items():
            value = found.get(name)
            if value is not None and not isinstance(value, kind):
                place = f"struct field ConfigFile.{name}"
                raise CliError(_WRONG.format(_kind(value), place, type_name))
    return found


def _kind(value: Json) -> str:
    for kind, name in ((bool, "bool"), (str, "string"), (list, "array")):
        if isinstance(value, kind):
            return name
    return "object" if isinstance(value, dict) else "number"


def default_folder() -> str:
    """Return ``DOCKER_CONFIG``, else ``~/.docker``."""
    named = os.environ.get("DOCKER_CONFIG")
    return named or os.path.join(os.path.expanduser("~"), ".docker")
