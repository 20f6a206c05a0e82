"""Instructions that change an image's configuration and nothing else.

What they make of the configuration is ``dockerfile.configure``'s. Here is what else
they mean to a build: variables that are in force, and the line of history, spelled as
BuildKit spells it, Go's way of printing included.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from labkit.base.durations import go_duration
from labkit.base.go_text import go_quote_list
from labkit.builder.picture import Picture
from labkit.dockerfile.configure import (
    command_words,
    configure,
    configures,
    exposed_ports,
)
from labkit.dockerfile.instructions import (
    Arg,
    Cmd,
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

Changed = tuple[Picture, str]


def is_metadata(instruction: Instruction) -> bool:
    return isinstance(instruction, Arg | Maintainer) or type(instruction) in _HISTORIES


def apply_metadata(picture: Picture, instruction: Instruction) -> Changed:
    """Return the picture with its new configuration, and the line of history.

    Raises:
        InvalidInputError: a value makes no sense.
    """
    if isinstance(instruction, Arg):
        return _arg(picture, instruction)
    if isinstance(instruction, Maintainer):
        return _maintainer(picture, instruction)
    changed = _configured(picture, instruction)
    history = _HISTORIES[type(instruction)](changed.image.config, instruction)
    return changed, f"{instruction.name} {history}"


def _configured(picture: Picture, instruction: Instruction) -> Picture:
    if isinstance(instruction, Env):
        return picture.with_env(instruction.pairs)
    assert configures(type(instruction))  # all of the table are
    config = configure(picture.config, instruction, picture.cmd_set)
    changed = picture.configured(config)
    if isinstance(instruction, Cmd):
        return replace(changed, cmd_set=True)
    return changed


def _arg(picture: Picture, arg: Arg) -> Changed:
    words = []
    for one in arg.definitions:
        if one.default is not None:
            picture = picture.with_variable(one.name, one.default)
        words.append(one.name if one.default is None else f"{one.name}={one.default}")
    return picture, "ARG " + " ".join(words)


def _maintainer(picture: Picture, maintainer: Maintainer) -> Changed:
    image = replace(picture.image, author=maintainer.maintainer)
    return replace(picture, image=image), f"MAINTAINER {maintainer.maintainer}"


def _pairs(_: ContainerDefaults, instruction: Env | Label) -> str:
    return " ".join(f"{one.name}={one.value}" for one in instruction.pairs)


def _ports(_: ContainerDefaults, expose: Expose) -> str:
    return f"[{' '.join(sorted(set(exposed_ports(expose))))}]"


def _command(config: ContainerDefaults, instruction: Cmd | Entrypoint) -> str:
    return go_quote_list(command_words(instruction.command, config))


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


_HISTORIES: Mapping[type[Instruction], Callable[[ContainerDefaults, Any], str]] = {
    Cmd: _command,
    Entrypoint: _command,
    Env: _pairs,
    Expose: _ports,
    HealthCheck: lambda _, health: _describe(health.check),
    Label: _pairs,
    OnBuild: lambda _, trigger: trigger.expression,
    Shell: lambda _, shell: f"[{' '.join(shell.words)}]",
    StopSignal: lambda _, stop: stop.signal,
    User: lambda _, user: user.user,
    Volume: lambda _, volume: f"[{' '.join(volume.paths)}]",
}
