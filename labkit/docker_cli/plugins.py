"""Plug-ins: ``docker compose`` is ``docker-compose`` in a folder of them."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.config import Config
    from labkit.docker_cli.json_text import Json

_PREFIX = "docker-"
SYSTEM_FOLDERS = (
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
)


def folders(config: Config) -> list[str]:
    """Return where plug-ins are looked for; the first one found counts."""
    extra = config.values.get("cliPluginsExtraDirs") or []
    return [*extra, os.path.join(config.folder, "cli-plugins"), *SYSTEM_FOLDERS]


def find_plugin(config: Config, name: str) -> str | None:
    """Return the program of a plug-in, if it is there."""
    if not name.isascii() or not name.isalnum() or not name.islower():
        return None
    for folder in folders(config):
        path = os.path.join(folder, _PREFIX + name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None


def run_plugin(path: str, words: list[str], program: str) -> None:
    """Become the plug-in; the terminal and its signals are its own then."""
    environment = dict(os.environ)
    environment["DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND"] = program
    os.execve(path, [path, *words], environment)


def describe_all(config: Config) -> dict[str, Json]:
    """Ask every plug-in what it is; for the overview of commands alone."""
    import subprocess

    from labkit.docker_cli.json_text import parse

    found: dict[str, Json] = {}
    for name in names(config):
        path = find_plugin(config, name)
        if path is None:
            continue
        done = subprocess.run(
            [path, "docker-cli-plugin-metadata"], capture_output=True, check=False
        )
        if done.returncode == 0:
            found[name] = {**parse(done.stdout.decode()), "Path": path}
    return found


def names(config: Config) -> list[str]:
    """Return what the plug-ins are called."""
    found = set()
    for folder in folders(config):
        if os.path.isdir(folder):
            entries = os.listdir(folder)
            found |= {e[len(_PREFIX) :] for e in entries if e.startswith(_PREFIX)}
    return sorted(found)
