"""Compose files as bake files: each service that is built is a target.

Compose itself reads them (``docker compose config``), with all that it makes of
variables, anchors, ``include`` and ``extends``; here its answer is turned into targets.
"""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from labkit.docker_cli.buildx.errors import BuildxError

NAMES = (
    *("compose.yaml", "compose.yml"),
    *("docker-compose.yml", "docker-compose.yaml"),
)
_OPTIONS = ("--format", "json", "--no-normalize", "--no-path-resolution")
_CLI = "DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND"
"""Where ``docker`` says to its plug-ins which program it is."""
_COPIED = {
    "context": "context",
    "dockerfile": "dockerfile",
    "dockerfile_inline": "dockerfile-inline",
    "target": "target",
    "args": "args",
    "labels": "labels",
    "tags": "tags",
    "cache_from": "cache-from",
    "cache_to": "cache-to",
    "platforms": "platforms",
    "network": "network",
    "shm_size": "shm-size",
    "no_cache": "no-cache",
    "pull": "pull",
    "entitlements": "entitlements",
}


def is_compose(name: str) -> bool:
    return name.endswith((".yaml", ".yml"))


def read_compose(names: Sequence[str]) -> dict[str, Any]:
    """Return what Compose files say together, as groups and targets.

    Raises:
        BuildxError: Compose isn't there, or refuses them.
    """
    files = [word for name in names for word in ("--file", name)]
    command = [os.environ.get(_CLI) or "docker", "compose", "--profile", "*", *files]
    try:
        done = subprocess.run(
            [*command, "config", *_OPTIONS], capture_output=True, check=False
        )
    except OSError as error:
        raise BuildxError(f"cannot run {command[0]}: {error.strerror}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise BuildxError(f"cannot read {', '.join(names)}: {said}")
    return targets_of(_unescaped(json.loads(done.stdout)))


def _unescaped(value: Any) -> Any:
    """Undo what Compose does to a dollar, so that its answer may be asked of it."""
    if isinstance(value, str):
        return value.replace("$$", "$")
    if isinstance(value, list):
        return [_unescaped(one) for one in value]
    if isinstance(value, dict):
        return {key: _unescaped(one) for key, one in value.items()}
    return value


def targets_of(project: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a project into groups and targets."""
    services = project.get("services") or {}
    targets = {
        _target_name(name): _target(service, project)
        for name, service in sorted(services.items())
        if service.get("build") is not None
    }
    return {"group": {"default": {"targets": [*targets]}}, "target": targets}


def _target_name(service: str) -> str:
    return service.replace(".", "_")


def _target(service: Mapping[str, Any], project: Mapping[str, Any]) -> dict[str, Any]:
    build = service["build"]
    found = {
        key: build[name] for name, key in _COPIED.items() if build.get(name) is not None
    }
    if "args" in found:  # what has no value has that of the environment, if any
        given = {
            k: os.environ.get(k) if v is None else v for k, v in found["args"].items()
        }
        found["args"] = {k: v for k, v in given.items() if v is not None}
    if not found.get("tags") and service.get("image"):
        found["tags"] = [service["image"]]
    if contexts := build.get("additional_contexts"):
        found["contexts"] = {k: _context(str(v)) for k, v in contexts.items()}
    if hosts := build.get("extra_hosts"):
        found["extra-hosts"] = dict(one.split("=", 1) for one in hosts)
    if limits := build.get("ulimits"):
        found["ulimits"] = [_limit(name, value) for name, value in limits.items()]
    if secrets := build.get("secrets"):
        known = project.get("secrets") or {}
        found["secret"] = [_secret(one, known) for one in secrets]
    found |= build.get("x-bake") or {}
    return found


def _context(text: str) -> str:
    name = text.removeprefix("service:")
    return text if name == text else f"target:{_target_name(name)}"


def _limit(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return f"{name}={value.get('soft', 0)}:{value.get('hard', 0)}"
    return f"{name}={value}"


def _secret(one: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    name = one["source"]
    about = known.get(name) or {}
    if "environment" in about:
        return f"id={one.get('target') or name},env={about['environment']}"
    return f"id={one.get('target') or name},src={about.get('file', name)}"
