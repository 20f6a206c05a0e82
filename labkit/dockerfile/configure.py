"""What an instruction makes of an image's configuration: no files, no history.

Each is one function from a configuration and the expanded instruction to the new
configuration; the table at the end says whose is which. A build applies them step by
step, ``--change`` of commit and import all at once.
"""

import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from labkit.base.ports_text import parse_exposed
from labkit.base.signals import parse_signal
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
    Pair,
    Shell,
    StopSignal,
    User,
    Volume,
    Workdir,
)
from labkit.spec.image import ContainerDefaults

DEFAULT_SHELL = ("/bin/sh", "-c")


def configures(instruction: type[Instruction]) -> bool:
    """Say whether an instruction changes the configuration."""
    return instruction in _CHANGES


def configure(
    config: ContainerDefaults, instruction: Instruction, cmd_set: bool
) -> ContainerDefaults:
    """Return the configuration as an instruction leaves it.

    Args:
        cmd_set: there was a CMD already: an ENTRYPOINT leaves it alone. One of the
            base is dropped, for it was meant for the base's own entry point.

    Raises:
        InvalidInputError: a value makes no sense.
    """
    changed = _CHANGES[type(instruction)](config, instruction)
    if isinstance(instruction, Entrypoint) and not cmd_set:
        return replace(changed, cmd=None)
    return changed


def command_words(command: Command, config: ContainerDefaults) -> tuple[str, ...]:
    """Return what is executed: in shell form it is the shell that gets the line."""
    if not command.is_shell:
        return command.words
    return (*(config.shell or DEFAULT_SHELL), " ".join(command.words))


def set_variables(variables: tuple[str, ...], pairs: Iterable[Pair]) -> tuple[str, ...]:
    """Set variables, each in its old place if it has one."""
    fresh = []
    for name, value in {pair.name: pair.value for pair in pairs}.items():
        start = f"{name}="
        entry = start + value
        if any(one.startswith(start) for one in variables):
            variables = tuple(
                entry if one.startswith(start) else one for one in variables
            )
        else:
            fresh.append(entry)
    return (*variables, *fresh)


def exposed_ports(expose: Expose) -> list[str]:
    """Return the ports that are named, as ``80/tcp``.

    Raises:
        InvalidInputError: one of them is none.
    """
    # As in 8080:80, what stands before the last colon is the host's, not ours.
    return [
        f"{port}/{protocol}"
        for text in expose.ports
        for port, protocol in parse_exposed(text.rpartition(":")[2])
    ]


def _env(config: ContainerDefaults, env: Env) -> ContainerDefaults:
    return replace(config, env=set_variables(config.env, env.pairs))


def _label(config: ContainerDefaults, label: Label) -> ContainerDefaults:
    labels = {pair.name: pair.value for pair in label.pairs}
    return replace(config, labels={**config.labels, **labels})


def _cmd(config: ContainerDefaults, cmd: Cmd) -> ContainerDefaults:
    return replace(config, cmd=command_words(cmd.command, config))


def _entrypoint(config: ContainerDefaults, entrypoint: Entrypoint) -> ContainerDefaults:
    return replace(config, entrypoint=command_words(entrypoint.command, config))


def _expose(config: ContainerDefaults, expose: Expose) -> ContainerDefaults:
    ports: dict[str, Any] = {port: {} for port in exposed_ports(expose)}
    return replace(config, exposed_ports={**config.exposed_ports, **ports})


def _volume(config: ContainerDefaults, volume: Volume) -> ContainerDefaults:
    volumes: dict[str, Any] = {path: {} for path in volume.paths}
    return replace(config, volumes={**config.volumes, **volumes})


def _user(config: ContainerDefaults, user: User) -> ContainerDefaults:
    return replace(config, user=user.user)


def _workdir(config: ContainerDefaults, workdir: Workdir) -> ContainerDefaults:
    before = config.working_dir or "/"
    path = posixpath.normpath(posixpath.join("/", before, workdir.path))
    return replace(config, working_dir="/" + path.lstrip("/"))


def _on_build(config: ContainerDefaults, trigger: OnBuild) -> ContainerDefaults:
    return replace(config, on_build=(*config.on_build, trigger.expression))


def _stop_signal(config: ContainerDefaults, stop: StopSignal) -> ContainerDefaults:
    parse_signal(stop.signal)
    return replace(config, stop_signal=stop.signal)


def _shell(config: ContainerDefaults, shell: Shell) -> ContainerDefaults:
    return replace(config, shell=shell.words)


def _health_check(config: ContainerDefaults, health: HealthCheck) -> ContainerDefaults:
    return replace(config, healthcheck=health.check)


_CHANGES: Mapping[
    type[Instruction], Callable[[ContainerDefaults, Any], ContainerDefaults]
] = {
    Cmd: _cmd,
    Entrypoint: _entrypoint,
    Env: _env,
    Expose: _expose,
    HealthCheck: _health_check,
    Label: _label,
    OnBuild: _on_build,
    Shell: _shell,
    StopSignal: _stop_signal,
    User: _user,
    Volume: _volume,
    Workdir: _workdir,
}
