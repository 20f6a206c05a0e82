"""All that is to be known of one build, before anything is sent."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from labkit.base.errors import InvalidInputError
from labkit.base.reference import parse_reference
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.repack import LEVELS, Packing

DEFAULT_DOCKERFILE = "Dockerfile"
_EPOCH = "SOURCE_DATE_EPOCH"


class Kind(Enum):
    """What a context is given as."""

    FOLDER = "folder"
    STDIN = "stdin"
    REMOTE = "remote"
    IMAGE = "image"
    LAYOUT = "layout"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class Context:
    """Where files come from; ``text`` is a path, a URL, an image, a target."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret's name, and the file or the variable that holds it."""

    id: str
    file: str = ""
    variable: str = ""


@dataclass(frozen=True, slots=True)
class Cache:
    """Where a cache lies: an image's name, or a folder; ``inline`` lies nowhere."""

    type: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """``--output type=...``: ``destination`` is a folder, a file, or ``-``.

    ``name`` may be several, with commas between them; ``--tag`` goes before it. What
    is no ``tar`` is a folder; ``packing`` is that of an archive's layers.
    """

    type: str
    destination: str = ""
    name: str = ""
    push: bool = False
    tar: bool = True
    packing: Packing = field(default_factory=Packing)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(filter(None, self.name.split(",")))


@dataclass(frozen=True, slots=True)
class Wish:
    """One build."""

    context: Context
    dockerfile: str = ""
    dockerfile_text: str | None = None
    target: str = ""
    arguments: Mapping[str, str | None] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    contexts: Mapping[str, Context] = field(default_factory=dict)
    secrets: tuple[Secret, ...] = ()
    ssh: Mapping[str, str] = field(default_factory=dict)
    cache_from: tuple[Cache, ...] = ()
    cache_to: tuple[Cache, ...] = ()
    outputs: tuple[Output, ...] = ()
    platform: str = ""
    network: str = ""
    extra_hosts: tuple[str, ...] = ()
    shm_size: str = ""
    ulimits: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    no_cache: bool = False
    no_cache_stages: tuple[str, ...] = ()
    pull: bool = False


def read_context(text: str) -> Context:
    """Read the context of a command line: a folder, a URL, or ``-``."""
    if text == "-":
        return Context(Kind.STDIN, text)
    if _is_remote(text):
        return Context(Kind.REMOTE, text)
    return Context(Kind.FOLDER, text)


def read_named_context(text: str) -> Context:
    """Read the value of ``--build-context name=...``."""
    for prefix, kind in _PREFIXES.items():
        if text.startswith(prefix):
            return Context(kind, text.removeprefix(prefix))
    return read_context(text)


_PREFIXES = {
    "docker-image://": Kind.IMAGE,
    "oci-layout://": Kind.LAYOUT,
    "target:": Kind.TARGET,
}


def _is_remote(text: str) -> bool:
    schemes = ("http://", "https://", "git://", "ssh://", "git@", "github.com/")
    return text.startswith(schemes)


def with_epoch(arguments: dict[str, str | None]) -> dict[str, str | None]:
    """Add the environment's date for results that are the same each time, if any."""
    epoch = os.environ.get(_EPOCH, "")
    if _EPOCH in arguments or not epoch:
        return arguments
    return arguments | {_EPOCH: epoch}


def read_host(text: str) -> str:
    """Read ``name:1.2.3.4`` or ``name=1.2.3.4``, an address in brackets, too.

    Raises:
        BuildxError: it is none.
    """
    name, sign, address = text.partition("=")
    if not sign:
        name, sign, address = text.partition(":")
    if address.startswith("[") and address.endswith("]"):
        address = address[1:-1]
    if not name or not (address == "host-gateway" or _is_address(address)):
        raise BuildxError(f"invalid host {text}")
    return f"{name}:{address}"


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def read_tag(text: str) -> str:
    """Read a name for the image.

    Raises:
        BuildxError: it is none.
    """
    try:
        parse_reference(text)
    except InvalidInputError as error:
        reason = str(error)
        if text != text.lower() and "lowercase" in reason:
            reason = "repository name must be lowercase"
        raise BuildxError(f'invalid tag "{text}": {reason}') from error
    return text


def read_secret(text: str) -> Secret:
    """Read ``id=name,src=path`` or ``id=name,env=NAME``.

    Raises:
        BuildxError: a field is none, or there is no id.
    """
    fields = read_fields(text, "secret", first="")
    kind = fields.pop("type", "")
    name = fields.pop("id", "")
    file = fields.pop("src", "") or fields.pop("source", "")
    variable = fields.pop("env", "")
    for key in fields:
        raise BuildxError(f"unexpected key '{key}' in '{text}'")
    if kind not in ("", "file", "env"):
        raise BuildxError(f'unsupported secret type "{kind}"')
    if not name:
        raise BuildxError("secret missing ID")
    if kind == "env" and not variable:
        file, variable = "", file or name
    if not file and not variable:
        # As BuildKit: the variable of that name if there is one, else the file.
        return Secret(name, file=name, variable="" if kind == "file" else name)
    return Secret(name, file, variable)


def read_ssh(text: str) -> tuple[str, str]:
    """Read ``default``, ``id=/a/socket``, ``id=/a/key,/more``; return id and paths."""
    name, _, paths = text.partition("=")
    return name, paths


_OUTPUTS = ("local", "tar", "oci", "docker", "image", "registry", "cacheonly")


def read_output(text: str) -> Output:
    """Read ``type=tar,dest=x.tar``, a folder, or ``-``.

    Raises:
        BuildxError: this engine has no such output, or it goes nowhere.
    """
    if text == "-":
        return Output("tar", "-")
    if "=" not in text:
        return Output("local", text)
    fields = read_fields(text, "output", first="")
    kind = fields.get("type", "")
    if not kind:
        raise BuildxError("type is required for output")
    if kind not in _OUTPUTS:
        raise BuildxError(f'unknown exporter type "{kind}" ({", ".join(_OUTPUTS)})')
    destination = fields.get("dest", "")
    if kind == "local" and not destination:
        raise BuildxError("dest is required for local exporter")
    if kind in ("tar", "oci") and not destination:
        destination = "-"
    push = kind == "registry" or fields.get("push", "") == "true"
    tar = fields.get("tar", "true") != "false"
    if not tar and destination in ("", "-"):
        raise BuildxError(f"dest is required for {kind} exporter without tar")
    return Output(
        kind, destination, fields.get("name", ""), push, tar, _packing(fields)
    )


def _packing(fields: Mapping[str, str]) -> Packing:
    name, level = fields.get("compression", "gzip"), fields.get("compression-level", "")
    if name not in LEVELS:
        raise BuildxError(f"unsupported layer compression type {name}")
    if not level:
        return Packing(name)
    if not level.isdecimal() or int(level) not in LEVELS[name]:
        raise BuildxError(f"{name} has no compression-level {level}")
    return Packing(name, int(level))


def read_fields(text: str, what: str, first: str) -> dict[str, str]:
    """Split ``a=b,c=d``; quotes hold commas together.

    Raises:
        BuildxError: a field has no value.
    """
    fields: dict[str, str] = {}
    for field_text in _split(text):
        name, equals, value = field_text.partition("=")
        if not equals and not (first and not fields):
            raise BuildxError(
                f"invalid {what} {text}: field '{field_text}' must be a key=value pair"
            )
        if not equals:
            name, value = first, field_text
        fields[name.strip().lower()] = value
    return fields


def _split(text: str) -> list[str]:
    found, now, quoted = [], "", False
    for char in text:
        if char == '"':
            quoted = not quoted
        elif char == "," and not quoted:
            found.append(now)
            now = ""
        else:
            now += char
    return [*found, now]
