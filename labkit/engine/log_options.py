"""``--log-driver`` and ``--log-opt``: what is refused, and what the shim is told.

Docker looks at a log option twice, and so do we: names and the delivery mode when a
container is created, values when it starts, for only then is the driver made.

Both drivers write the same file here. ``local`` is the one that rotates and
compresses unasked.
"""

import re
from collections.abc import Mapping

from labkit.base.errors import InternalError, InvalidInputError
from labkit.base.go_text import TRUTHS
from labkit.base.ids import short_id
from labkit.base.units import parse_bytes
from labkit.engine.model import Container, LogConfig
from labkit.runtime.model import LogOptions

DRIVERS = ("json-file", "local", "none")
_DELIVERY = frozenset({"mode", "max-buffer-size"})
_SIZES = frozenset({"max-size", "max-file", "compress"})
_ATTRIBUTES = frozenset({"env", "env-regex", "labels", "labels-regex", "tag"})
_NAMES = {"json-file": _SIZES | _ATTRIBUTES, "local": _SIZES}
_DEFAULTS = {
    "json-file": {"compress": "false"},
    "local": {"compress": "true", "max-size": "20m", "max-file": "5"},
}

_FIELD = re.compile(r"\{\{\s*\.(\w+)\s*\}\}")


def check_log_config(log: LogConfig) -> None:
    """Refuse drivers and options that are unknown.

    Raises:
        InvalidInputError: in Docker's words.
    """
    driver, options = log.type or "json-file", log.config
    if driver not in DRIVERS:
        raise InvalidInputError(
            f'error looking up logging plugin {driver}: plugin "{driver}" not found'
        )
    if driver == "none":
        return
    mode = options.get("mode", "")
    if mode not in ("", "blocking", "non-blocking"):
        raise InvalidInputError(f"logger: logging mode not supported: {mode}")
    if "max-buffer-size" in options and mode != "non-blocking":
        raise InvalidInputError(
            "logger: max-buffer-size option is only supported with 'mode=non-blocking'"
        )
    for name in options:
        if name not in _NAMES[driver] | _DELIVERY:
            whose = {"local": "log driver local"}.get(driver, f"{driver} log driver")
            raise InvalidInputError(f"unknown log opt '{name}' for {whose}")


def log_options(container: Container, path: str) -> LogOptions:
    """Return where and how the shim writes a container's output.

    Raises:
        InternalError: a value is wrong; the kind and the words are Docker's.
    """
    log = container.host_config.log_config
    if log.type == "none":
        return LogOptions()
    options = {**_DEFAULTS[log.type or "json-file"], **log.config}
    try:
        most_bytes = _most_bytes(options, log.type == "local")
        most_files = _most_files(options)
        compress = _compresses(options, most_bytes, most_files, log.type == "local")
        attributes = _attributes(container, options)
    except ValueError as error:
        raise InternalError(f"failed to initialize logging driver: {error}") from error
    return LogOptions(path, most_bytes, most_files, compress, attributes)


def _most_bytes(options: Mapping[str, str], local: bool) -> int:
    text = options.get("max-size", "")
    if text in ("", "-1"):
        return 0
    try:
        size = parse_bytes(text, base=1000)
    except ValueError as error:
        whose = f"invalid value for max-size: {text}: " if local else ""
        raise ValueError(f"{whose}{error}") from error
    if size <= 0:
        raise ValueError("max-size must be a positive number")
    return size


def _most_files(options: Mapping[str, str]) -> int:
    text = options.get("max-file", "1")
    if not re.fullmatch(r"[+-]?\d+", text):
        raise ValueError(f'strconv.Atoi: parsing "{text}": invalid syntax')
    if int(text) < 1:
        raise ValueError("max-file cannot be less than 1")
    return int(text)


def _compresses(options: Mapping[str, str], size: int, files: int, local: bool) -> bool:
    text = options["compress"]
    if text not in TRUTHS:
        whose = "invalid boolean value for compress: " if local else ""
        raise ValueError(f'{whose}strconv.ParseBool: parsing "{text}": invalid syntax')
    if TRUTHS[text] and files < 2 and local:
        raise ValueError("compression cannot be enabled when max file count is 1")
    if TRUTHS[text] and (files < 2 or not size):
        raise ValueError(
            "compress cannot be true when max-file is less than 2 or max-size is not "
            "set"
        )
    return TRUTHS[text]


def _attributes(container: Container, options: Mapping[str, str]) -> dict[str, str]:
    """Return what ``docker logs --details`` shows beside each line."""
    labels = container.config.labels
    pairs = (entry.partition("=") for entry in container.config.env)
    env = {name: value for name, equals, value in pairs if equals}
    found = _chosen(labels, options.get("labels", ""), options.get("labels-regex", ""))
    found |= _chosen(env, options.get("env", ""), options.get("env-regex", ""))
    if tag := _tag(container, options.get("tag", "")):
        found["tag"] = tag
    return found


def _chosen(known: Mapping[str, str], names: str, pattern: str) -> dict[str, str]:
    wanted = set(names.split(","))
    try:
        fits = re.compile(pattern) if pattern else None
    except re.error as error:
        raise ValueError(f"error parsing regexp: {error.msg}: `{pattern}`") from error
    return {
        name: value
        for name, value in known.items()
        if name in wanted or (fits is not None and fits.search(name))
    }


def _tag(container: Container, template: str) -> str:
    """Fill in a tag's fields: ``{{.Name}}/{{.ID}}``."""
    image = container.image_id
    fields = {
        "ID": short_id(container.id),
        "FullID": container.id,
        "Name": container.name,
        "ImageID": short_id(image.removeprefix("sha256:")),
        "ImageFullID": image,
        "ImageName": container.config.image,
        "DaemonName": "docker",
    }

    def fill(match: re.Match[str]) -> str:
        if match[1] not in fields:
            raise ValueError(f"log tag {template!r} has no field {match[1]!r}")
        return fields[match[1]]

    return _FIELD.sub(fill, template)
