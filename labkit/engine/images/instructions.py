"""``--change`` of commit and import: lines of a Dockerfile, on a configuration.

Only instructions that need no build are taken, each by one function. The sentences
are those of Docker's builder.
"""

import json
import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import replace

from labkit.base.errors import InvalidInputError
from labkit.engine.model import ContainerConfig
from labkit.engine.ports_text import parse_exposed
from labkit.spec.image import Healthcheck

_SHELL = ("/bin/sh", "-c")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)")
_UNITS_NS = {
    "ns": 1,
    "us": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}

Instruction = Callable[[ContainerConfig, str], ContainerConfig]


def apply_changes(config: ContainerConfig, changes: Iterable[str]) -> ContainerConfig:
    """Return a configuration as instructions leave it.

    Raises:
        InvalidInputError: an instruction is unknown or makes no sense.
    """
    for text in changes:
        lines = [line for line in text.splitlines() if line.strip()]
        if not lines:
            raise InvalidInputError("file with no instructions")
        for line in lines:
            name, _, rest = line.strip().partition(" ")
            instruction = _INSTRUCTIONS.get(name.lower())
            if instruction is None:
                raise InvalidInputError(f"{name.lower()} is not a valid change command")
            config = instruction(config, rest.strip())
    return config


def _cmd(config: ContainerConfig, rest: str) -> ContainerConfig:
    return replace(config, cmd=_command(config, rest))


def _entrypoint(config: ContainerConfig, rest: str) -> ContainerConfig:
    return replace(config, entrypoint=_command(config, rest))


def _env(config: ContainerConfig, rest: str) -> ContainerConfig:
    pairs = _pairs("ENV", rest)
    kept = [one for one in config.env if one.partition("=")[0] not in pairs]
    return replace(config, env=(*kept, *(f"{k}={v}" for k, v in pairs.items())))


def _expose(config: ContainerConfig, rest: str) -> ContainerConfig:
    if not rest:
        raise InvalidInputError("EXPOSE requires at least one argument")
    found = dict.fromkeys(config.exposed_ports)
    for word in rest.split():
        for port, protocol in parse_exposed(word):
            found[f"{port}/{protocol}"] = None
    return replace(config, exposed_ports=tuple(found))


def _label(config: ContainerConfig, rest: str) -> ContainerConfig:
    return replace(config, labels={**config.labels, **_pairs("LABEL", rest)})


def _on_build(config: ContainerConfig, rest: str) -> ContainerConfig:
    if not rest:
        raise InvalidInputError("ONBUILD requires at least one argument")
    trigger = rest.split(maxsplit=1)[0].upper()
    if trigger == "ONBUILD":
        raise InvalidInputError("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed")
    if trigger in ("MAINTAINER", "FROM"):
        raise InvalidInputError(f"{trigger} isn't allowed as an ONBUILD trigger")
    return replace(config, on_build=(*config.on_build, rest))


def _user(config: ContainerConfig, rest: str) -> ContainerConfig:
    return replace(config, user=_only("USER", rest))


def _volume(config: ContainerConfig, rest: str) -> ContainerConfig:
    folders = _json_list(rest) or tuple(rest.split())
    if not folders:
        raise InvalidInputError("VOLUME requires at least one argument")
    volumes = dict.fromkeys((*config.volumes, *folders))
    return replace(config, volumes=tuple(volumes))


def _working_dir(config: ContainerConfig, rest: str) -> ContainerConfig:
    folder = _only("WORKDIR", rest)
    base = "" if folder.startswith("/") else f"{config.working_dir or '/'}/"
    return replace(config, working_dir=_clean(base + folder))


def _healthcheck(config: ContainerConfig, rest: str) -> ContainerConfig:
    flags: dict[str, str] = {}
    while rest.startswith("--"):
        word, _, rest = rest.partition(" ")
        name, _, value = word.removeprefix("--").partition("=")
        flags[name], rest = value, rest.strip()
    kind, _, rest = rest.partition(" ")
    if kind.upper() == "NONE":
        return replace(config, healthcheck=Healthcheck(("NONE",)))
    if kind.upper() != "CMD" or not rest.strip():
        raise InvalidInputError(f'Unknown type "{kind}" in HEALTHCHECK (try CMD)')
    words = _json_list(rest)
    test = ("CMD", *words) if words is not None else ("CMD-SHELL", rest.strip())
    check = Healthcheck(
        test=test,
        interval=_duration(flags.pop("interval", "")),
        timeout=_duration(flags.pop("timeout", "")),
        start_period=_duration(flags.pop("start-period", "")),
        start_interval=_duration(flags.pop("start-interval", "")),
        retries=_retries(flags.pop("retries", "")),
    )
    for name in flags:
        raise InvalidInputError(f"Unknown flag: {name}")
    return replace(config, healthcheck=check)


_INSTRUCTIONS: dict[str, Instruction] = {
    "cmd": _cmd,
    "entrypoint": _entrypoint,
    "env": _env,
    "expose": _expose,
    "healthcheck": _healthcheck,
    "label": _label,
    "onbuild": _on_build,
    "user": _user,
    "volume": _volume,
    "workdir": _working_dir,
}


def _command(config: ContainerConfig, rest: str) -> tuple[str, ...]:
    """Read a command: a JSON list is taken word by word, all else is the shell's."""
    words = _json_list(rest)
    if words is not None:
        return words
    return (*(config.shell or _SHELL), rest) if rest else ()


def _json_list(text: str) -> tuple[str, ...] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        return None
    return tuple(found)


def _pairs(name: str, rest: str) -> dict[str, str]:
    """Read ``a=b c="d e"``, or the old ``a b c`` that sets one name."""
    if not rest:
        raise InvalidInputError(f"{name} requires at least one argument")
    if "=" not in rest.split(maxsplit=1)[0]:
        key, _, value = rest.partition(" ")
        if not value.strip():
            raise InvalidInputError(f"{name} must have two arguments")
        return {key: value.strip()}
    try:
        words = shlex.split(rest)
    except ValueError as error:
        raise InvalidInputError(f"{name}: {error}") from error
    for word in words:
        if "=" not in word:
            raise InvalidInputError(
                f"Syntax error - can't find = in {json.dumps(word)}. "
                "Must be of the form: name=value"
            )
        if word.startswith("="):
            raise InvalidInputError(f"{name} names can not be blank")
    return {word.split("=", 1)[0]: word.split("=", 1)[1] for word in words}


def _only(name: str, rest: str) -> str:
    if not rest or len(rest.split()) > 1:
        raise InvalidInputError(f"{name} requires exactly one argument")
    return rest


def _clean(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def _duration(text: str) -> int:
    if not text:
        return 0
    pieces = list(_DURATION.finditer(text))
    if "".join(piece[0] for piece in pieces) != text:
        raise InvalidInputError(f'time: invalid duration "{text}"')
    return sum(int(float(piece[1]) * _UNITS_NS[piece[2]]) for piece in pieces)


def _retries(text: str) -> int:
    if not text:
        return 0
    if not text.isdecimal() or int(text) < 1:
        raise InvalidInputError(f"--retries must be at least 1 (not {text})")
    return int(text)
