"""What is sent for one build: options, and where the bytes come from.

Everything on this machine is read here, so that what isn't there is said at once.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labkit.base.errors import os_reason
from labkit.base.units import parse_bytes
from labkit.docker_cli.buildx.context import pack, read_rules
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.wish import (
    DEFAULT_DOCKERFILE,
    Context,
    Kind,
    Secret,
    Wish,
)
from labkit.dockerfile.ignore import IgnoreRules

Pieces = Callable[[], Iterator[bytes]]
_PIECE_BYTES = 1 << 18
_MOST_DOCKERFILE_BYTES = 16 << 20
_MOST_SECRET_BYTES = 500 << 10  # BuildKit's bound
_TAR_MAGIC = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")


@dataclass(frozen=True, slots=True)
class Material:
    """One build, ready to be sent.

    ``dockerfile_text`` is None if the Dockerfile lies in the context under its name.
    """

    options: dict[str, Any]
    dockerfile_text: str | None
    dockerfile_name: str
    contexts: Mapping[str, Pieces]
    images: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    ssh: Mapping[str, str] = field(default_factory=dict)
    remotes: Mapping[str, str] = field(default_factory=dict)
    ignore: IgnoreRules = field(default_factory=IgnoreRules)


def prepare(wish: Wish, images: Mapping[str, str]) -> Material:
    """Read what a wish names.

    Args:
        images: those of bake targets built before, by the target, and those of layouts
            that were loaded, by what the layout was given as.

    Raises:
        BuildxError: a file or folder isn't there, or can't be read.
    """
    text, name = wish.dockerfile_text, wish.dockerfile
    contexts: dict[str, Pieces] = {}
    ignore = IgnoreRules()
    if wish.context.kind is Kind.FOLDER:
        folder = Path(wish.context.text)
        if not folder.is_dir():
            raise BuildxError(
                f'unable to prepare context: path "{wish.context.text}" not found'
            )
        if text is None:
            text, name = _read_dockerfile(folder, wish.dockerfile)
        path = Path(wish.dockerfile) if wish.dockerfile else folder / DEFAULT_DOCKERFILE
        ignore = read_rules(folder, path)
        contexts[""] = _folder(folder, ignore)
    elif wish.context.kind is Kind.STDIN:
        first = sys.stdin.buffer.read(512)
        if _is_tar(first):
            contexts[""] = _rest_of_stdin(first)
        else:
            text = (first + sys.stdin.buffer.read()).decode("utf-8", "replace")
    named, found = _named(wish, images)
    return Material(
        options=_options(wish, name),
        dockerfile_text=text,
        dockerfile_name=name or DEFAULT_DOCKERFILE,
        contexts=contexts | named,
        images=found,
        secrets={secret.id: _read_secret(secret) for secret in wish.secrets},
        ssh=wish.ssh,
        remotes={
            name: context.text
            for name, context in wish.contexts.items()
            if context.kind is Kind.REMOTE
        },
        ignore=ignore,
    )


def _read_dockerfile(folder: Path, asked: str) -> tuple[str, str]:
    """Read the Dockerfile, and return its text and the name it goes by."""
    if asked == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace"), "Dockerfile"
    path = Path(asked) if asked else folder / DEFAULT_DOCKERFILE
    is_elsewhere = asked and not path.exists() and not path.is_absolute()
    if is_elsewhere and (folder / asked).exists():
        path = folder / asked
    if not asked and not path.exists():
        path = folder / DEFAULT_DOCKERFILE.lower()
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_DOCKERFILE_BYTES + 1)
    except OSError as error:
        missing = path if asked else folder / DEFAULT_DOCKERFILE
        reason = os_reason(error)
        raise BuildxError(
            f"failed to solve: failed to read dockerfile: open {missing.name}: {reason}"
        ) from error
    if len(data) > _MOST_DOCKERFILE_BYTES:
        raise BuildxError(f"failed to read dockerfile: {path.name} is too large")
    return data.decode("utf-8", "replace"), path.name


def _named(
    wish: Wish, images: Mapping[str, str]
) -> tuple[dict[str, Pieces], dict[str, str]]:
    contexts: dict[str, Pieces] = {}
    found: dict[str, str] = {}
    for name, context in wish.contexts.items():
        if context.kind in (Kind.TARGET, Kind.LAYOUT):
            found[name] = images[context.text]
        elif context.kind is Kind.REMOTE:
            continue  # the engine gets it by itself
        elif context.kind is Kind.IMAGE:
            found[name] = context.text
        else:
            contexts[name] = _named_folder(name, context)
    return contexts, found


def _named_folder(name: str, context: Context) -> Pieces:
    folder = Path(context.text)
    if context.kind is not Kind.FOLDER:
        raise BuildxError(
            f"build context {name!r} can be a folder, an image, a layout, a target or "
            f"a URL: {context.text!r} is none of them"
        )
    if not folder.is_dir():
        raise BuildxError(f'failed to get build context {name}: "{folder}" not found')
    return _folder(folder, read_rules(folder, None))


def _folder(folder: Path, rules: IgnoreRules) -> Pieces:
    return lambda: pack(folder, rules)


def _rest_of_stdin(first: bytes) -> Pieces:
    def pieces() -> Iterator[bytes]:
        yield first
        while data := sys.stdin.buffer.read(_PIECE_BYTES):
            yield data

    return pieces


def _is_tar(first: bytes) -> bool:
    return first.startswith(_TAR_MAGIC) or first[257:262] == b"ustar"


def _read_secret(secret: Secret) -> bytes:
    if secret.variable and (secret.variable in os.environ or not secret.file):
        # A variable that isn't set is an empty secret, as BuildKit has it.
        return os.environb.get(os.fsencode(secret.variable), b"")
    path = Path(secret.file).expanduser()
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_SECRET_BYTES + 1)
    except OSError as error:
        reason = os_reason(error)
        raise BuildxError(
            f"failed to stat {secret.file}: stat {secret.file}: {reason}"
        ) from error
    if len(data) > _MOST_SECRET_BYTES:
        raise BuildxError(f"secret {secret.id} is too big: it may have 500 KiB")
    return data


def _options(wish: Wish, name: str) -> dict[str, Any]:
    options: dict[str, Any] = {
        "dockerfile": name,
        "buildargs": {
            key: os.environ.get(key) if value is None else value
            for key, value in wish.arguments.items()
        },
        "labels": dict(wish.labels),
        "target": wish.target,
        "platform": wish.platform,
        "networkmode": wish.network,
        "nocache": wish.no_cache,
        "nocachestages": list(wish.no_cache_stages),
        "pull": wish.pull,
        "extrahosts": list(wish.extra_hosts),
        "allow": list(wish.allow),
        "cachefrom": [one.place for one in wish.cache_from if one.type == "registry"],
        "shmsize": _parse_size(wish.shm_size),
        "ulimits": [_ulimit(text) for text in wish.ulimits],
    }
    if wish.context.kind is Kind.REMOTE:
        options["remote"] = wish.context.text
    return {key: value for key, value in options.items() if value}


def _parse_size(text: str) -> int:
    try:
        return parse_bytes(text) if text else 0
    except ValueError as error:
        raise BuildxError(str(error)) from error


def _ulimit(text: str) -> dict[str, Any]:
    name, equals, limits = text.partition("=")
    soft, _, hard = limits.partition(":")
    if not equals or not soft.lstrip("-").isdecimal():
        raise BuildxError(f"invalid ulimit argument: {text}")
    return {"Name": name, "Soft": int(soft), "Hard": int(hard or soft)}
