"""``--change`` of commit and import: lines of a Dockerfile, on a configuration.

Only instructions that need no build are taken, each by one function. All changes
together are one Dockerfile, so an instruction may go on in the next of them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from posixpath import normpath
from typing import Any

from labkit.base.errors import InvalidInputError
from labkit.base.ports_text import parse_exposed
from labkit.dockerfile.errors import DockerfileError
from labkit.dockerfile.expand import Scope, expand
from labkit.dockerfile.instructions import (
    Cmd,
    Command,
    Entrypoint,
    Env,
    Expose,
    HealthCheck,
    Instruction,
    Label,
    OnBuild,
    User,
    Volume,
    Workdir,
)
from labkit.dockerfile.interpret import interpret
from labkit.dockerfile.node import Document
from labkit.dockerfile.parser import parse_dockerfile
from labkit.engine.model import ContainerConfig

_SHELL = ("/bin/sh", "-c")


def apply_changes(config: ContainerConfig, changes: Iterable[str]) -> ContainerConfig:
    """Return a configuration as instructions leave it.

    Raises:
        InvalidInputError: an instruction is unknown or makes no sense.
    """
    text = "\n".join(lines := tuple(changes))
    if not lines:
        return config
    has_cmd = False
    try:
        for instruction in _read(parse_dockerfile(text)):
            variables = dict(_split(one) for one in config.env)
            expanded = expand(instruction, Scope(variables))
            if isinstance(expanded, Entrypoint) and not has_cmd:
                config = replace(config, cmd=None)
            has_cmd = has_cmd or isinstance(expanded, Cmd)
            config = _CHANGES[expanded.name](config, expanded)
    except DockerfileError as error:
        # No file was written here: its line would tell nobody anything.
        raise InvalidInputError(error.reason) from error
    return config


def _read(document: Document) -> list[Instruction]:
    for node in document.nodes:
        if node.name not in _CHANGES:
            name = node.keyword.lower()
            raise InvalidInputError(f"{name} is not a valid change command")
    return [interpret(node) for node in document.nodes]


def _cmd(config: ContainerConfig, change: Cmd) -> ContainerConfig:
    return replace(config, cmd=_words(config, change.command) or None)


def _entrypoint(config: ContainerConfig, change: Entrypoint) -> ContainerConfig:
    words = _words(config, change.command) if change.command.words else ()
    return replace(config, entrypoint=words or None)


def _env(config: ContainerConfig, change: Env) -> ContainerConfig:
    variables = dict(_split(one) for one in config.env)
    variables |= {pair.name: pair.value for pair in change.pairs}
    return replace(config, env=tuple(f"{k}={v}" for k, v in variables.items()))


def _expose(config: ContainerConfig, change: Expose) -> ContainerConfig:
    found = dict.fromkeys(config.exposed_ports)
    for text in change.ports:
        # As in 8080:80, what stands before the last colon is the host's, not ours.
        for port, protocol in parse_exposed(text.rpartition(":")[2]):
            found[f"{port}/{protocol}"] = None
    return replace(config, exposed_ports=tuple(found))


def _label(config: ContainerConfig, change: Label) -> ContainerConfig:
    labels = {pair.name: pair.value for pair in change.pairs}
    return replace(config, labels={**config.labels, **labels})


def _on_build(config: ContainerConfig, change: OnBuild) -> ContainerConfig:
    return replace(config, on_build=(*config.on_build, change.expression))


def _user(config: ContainerConfig, change: User) -> ContainerConfig:
    return replace(config, user=change.user)


def _volume(config: ContainerConfig, change: Volume) -> ContainerConfig:
    volumes = dict.fromkeys((*config.volumes, *change.paths))
    return replace(config, volumes=tuple(volumes))


def _working_dir(config: ContainerConfig, change: Workdir) -> ContainerConfig:
    base = "" if change.path.startswith("/") else f"{config.working_dir or '/'}/"
    path = normpath(base + change.path)
    return replace(config, working_dir=f"/{path.lstrip('/')}")


def _health_check(config: ContainerConfig, change: HealthCheck) -> ContainerConfig:
    return replace(config, healthcheck=change.check)


_CHANGES: Mapping[str, Callable[[ContainerConfig, Any], ContainerConfig]] = {
    "CMD": _cmd,
    "ENTRYPOINT": _entrypoint,
    "ENV": _env,
    "EXPOSE": _expose,
    "HEALTHCHECK": _health_check,
    "LABEL": _label,
    "ONBUILD": _on_build,
    "USER": _user,
    "VOLUME": _volume,
    "WORKDIR": _working_dir,
}


def _words(config: ContainerConfig, command: Command) -> tuple[str, ...]:
    if not command.is_shell:
        return command.words
    return (*(config.shell or _SHELL), *command.words)


def _split(variable: str) -> tuple[str, str]:
    name, _, value = variable.partition("=")
    return name, value
