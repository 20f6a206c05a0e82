"""Instructions that change an image's configuration and nothing else.

Each is one function from a picture and the expanded instruction to what the
configuration becomes and what the history says; the table at the end says whose is
which. Histories are spelled as BuildKit spells them, Go's way of printing included.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from labkit.base.durations import go_duration
from labkit.base.go_text import go_quote_list
from labkit.base.ports_text import parse_exposed
from labkit.base.signals import parse_signal
from labkit.builder.picture import Picture, set_variable
from labkit.dockerfile.instructions import (
    Arg,
    Cmd,
    Command,
    Entrypoint,
    Env,
    Expose,
    HealthCheck,
    Instruction,
    Label,
    Maintainer,
    OnBuild,
    Shell,
    StopSignal,
    User,
    Volume,
)
from labkit.spec.image import ContainerDefaults, Healthcheck

DEFAULT_SHELL = ("/bin/sh", "-c")

Changed = tuple[Picture, str]


def is_metadata(instruction: Instruction) -> bool:
    return type(instruction) in _CHANGES


def apply_metadata(picture: Picture, instruction: Instruction) -> Changed:
    """Return the picture with its new configuration, and the line of history.

    Raises:
        InvalidInputError: a value makes no sense.
    """
    return _CHANGES[type(instruction)](picture, instruction)


def command_words(command: Command, config: ContainerDefaults) -> tuple[str, ...]:
    """Return what is executed: in shell form it is the shell that gets the line."""
    if not command.is_shell:
        return command.words
    return (*(config.shell or DEFAULT_SHELL), " ".join(command.words))


def _arg(picture: Picture, arg: Arg) -> Changed:
    words = []
    for one in arg.definitions:
        if one.default is not None:
            picture = picture.with_variable(one.name, one.default)
        words.append(one.name if one.default is None else f"{one.name}={one.default}")
    return picture, "ARG " + " ".join(words)


def _env(picture: Picture, env: Env) -> Changed:
    variables = picture.config.env
    for pair in env.pairs:
        variables = set_variable(variables, pair.name, pair.value)
        picture = picture.with_variable(pair.name, pair.value)
    changed = picture.configured(replace(picture.config, env=variables))
    return changed, "ENV " + _pairs(env)


def _label(picture: Picture, label: Label) -> Changed:
    labels = {**picture.config.labels, **{one.name: one.value for one in label.pairs}}
    changed = picture.configured(replace(picture.config, labels=labels))
    return changed, "LABEL " + _pairs(label)


def _cmd(picture: Picture, cmd: Cmd) -> Changed:
    words = command_words(cmd.command, picture.config)
    changed = picture.configured(replace(picture.config, cmd=words))
    return replace(changed, cmd_set=True), f"CMD {go_quote_list(words)}"


def _entrypoint(picture: Picture, entrypoint: Entrypoint) -> Changed:
    words = command_words(entrypoint.command, picture.config)
    # The command of the base is meant for the base's own entry point.
    cmd = picture.config.cmd if picture.cmd_set else None
    config = replace(picture.config, entrypoint=words, cmd=cmd)
    return picture.configured(config), f"ENTRYPOINT {go_quote_list(words)}"


def _expose(picture: Picture, expose: Expose) -> Changed:
    ports: dict[str, Any] = dict(picture.config.exposed_ports)
    named = [
        f"{port}/{protocol}"
        for text in expose.ports
        for port, protocol in parse_exposed(text.rpartition(":")[2])
    ]
    ports |= {port: {} for port in named}
    changed = picture.configured(replace(picture.config, exposed_ports=ports))
    return changed, f"EXPOSE [{' '.join(sorted(dict.fromkeys(named)))}]"


def _volume(picture: Picture, volume: Volume) -> Changed:
    volumes = {**picture.config.volumes, **{path: {} for path in volume.paths}}
    changed = picture.configured(replace(picture.config, volumes=volumes))
    return changed, f"VOLUME [{' '.join(volume.paths)}]"


def _user(picture: Picture, user: User) -> Changed:
    changed = picture.configured(replace(picture.config, user=user.user))
    return changed, f"USER {user.user}"


def _maintainer(picture: Picture, maintainer: Maintainer) -> Changed:
    image = replace(picture.image, author=maintainer.maintainer)
    return replace(picture, image=image), f"MAINTAINER {maintainer.maintainer}"


def _on_build(picture: Picture, trigger: OnBuild) -> Changed:
    triggers = (*picture.config.on_build, trigger.expression)
    changed = picture.configured(replace(picture.config, on_build=triggers))
    return changed, f"ONBUILD {trigger.expression}"


def _stop_signal(picture: Picture, stop: StopSignal) -> Changed:
    parse_signal(stop.signal)
    changed = picture.configured(replace(picture.config, stop_signal=stop.signal))
    return changed, f"STOPSIGNAL {stop.signal}"


def _shell(picture: Picture, shell: Shell) -> Changed:
    changed = picture.configured(replace(picture.config, shell=shell.words))
    return changed, f"SHELL [{' '.join(shell.words)}]"


def _health_check(picture: Picture, health: HealthCheck) -> Changed:
    config = replace(picture.config, healthcheck=health.check)
    return picture.configured(config), f"HEALTHCHECK {_describe(health.check)}"


_CHANGES: Mapping[type[Instruction], Callable[[Picture, Any], Changed]] = {
    Arg: _arg,
    Cmd: _cmd,
    Entrypoint: _entrypoint,
    Env: _env,
    Expose: _expose,
    HealthCheck: _health_check,
    Label: _label,
    Maintainer: _maintainer,
    OnBuild: _on_build,
    Shell: _shell,
    StopSignal: _stop_signal,
    User: _user,
    Volume: _volume,
}


def _pairs(instruction: Env | Label) -> str:
    return " ".join(f"{one.name}={one.value}" for one in instruction.pairs)


def _describe(check: Healthcheck) -> str:
    times = (
        ("Interval", check.interval),
        ("Timeout", check.timeout),
        ("StartPeriod", check.start_period),
        ("StartInterval", check.start_interval),
    )
    spelled = " ".join(f"{name}:{go_duration(value)}" for name, value in times)
    test = " ".join(check.test)
    return "{" + f"Test:[{test}] {spelled} Retries:{check.retries}" + "}"
