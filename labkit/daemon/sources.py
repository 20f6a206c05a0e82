"""Where the engine's images may come from, as a daemon is told.

Two places, the command line going first:

    --registry-mirror URL, --insecure-registry HOST       dockerd's own options
    --pull-from bundled|upstream, --bundled-images DIR    ours
    daemon.json in the data root                          dockerd's file, the same words

    {"registry-mirrors": ["https://mirror.example"], "insecure-registries": [],
     "pull-from": "upstream"}

Certificates of private registries are looked for in ``certs.d`` of the data root, and
where every Docker user has them: ``/etc/docker/certs.d``.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labkit.base.errors import InvalidInputError
from labkit.base.files import read_regular
from labkit.base.home import bundled_images_folders
from labkit.images.registry.endpoints import parse_mirror
from labkit.images.registry.model import Settings

BUNDLED, UPSTREAM = "bundled", "upstream"
SETTINGS_FILE = "daemon.json"
DOCKER_CERTIFICATES = Path("/etc/docker/certs.d")
_LISTS = ("registry-mirrors", "insecure-registries")
_WORDS = ("pull-from", "bundled-images")


@dataclass(frozen=True, slots=True)
class Sources:
    """What the hub of images is built from."""

    settings: Settings = field(default_factory=Settings)
    bundled: tuple[Path, ...] = ()
    upstream_first: bool = False


def add_source_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options to a parser."""
    for name, shown in (("--registry-mirror", "URL"), ("--insecure-registry", "HOST")):
        parser.add_argument(name, action="append", metavar=shown)
    parser.add_argument("--pull-from", choices=(BUNDLED, UPSTREAM))
    parser.add_argument("--bundled-images", metavar="DIR")


def read_sources(options: argparse.Namespace, data_root: Path) -> Sources:
    """Put the options and the settings file together.

    Raises:
        InvalidInputError: the file is none, or says what nobody understands.
    """
    said = _read_file(data_root / SETTINGS_FILE)
    bundled = options.bundled_images or said.get("bundled-images")
    settings = Settings(
        tuple(options.registry_mirror or said.get("registry-mirrors", ())),
        tuple(options.insecure_registry or said.get("insecure-registries", ())),
        (DOCKER_CERTIFICATES, data_root / "certs.d"),
    )
    for mirror in settings.mirrors:
        parse_mirror(mirror, settings)
    return Sources(
        settings,
        (Path(bundled).absolute(),) if bundled else bundled_images_folders(),
        (options.pull_from or said.get("pull-from", BUNDLED)) == UPSTREAM,
    )


def _read_file(path: Path) -> dict[str, Any]:
    try:
        data = read_regular(path)
    except OSError as error:
        raise _refuse(path, str(error.strerror)) from error
    if data is None:
        return {}
    try:
        said = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _refuse(path, str(error)) from error
    if not isinstance(said, dict):
        raise _refuse(path, "it is no JSON object")
    unknown = [name for name in said if name not in (*_LISTS, *_WORDS)]
    if unknown:
        raise _refuse(
            path,
            "the following directives don't match any configuration option: "
            + ", ".join(unknown),
        )
    for name in _LISTS:
        if not _is_list_of_text(said.get(name, [])):
            raise _refuse(path, f"{name} is no list of strings")
    for name in _WORDS:
        if not isinstance(said.get(name, ""), str):
            raise _refuse(path, f"{name} is no string")
    if said.get("pull-from", BUNDLED) not in (BUNDLED, UPSTREAM):
        raise _refuse(path, f"pull-from is neither {BUNDLED} nor {UPSTREAM}")
    return said


def _is_list_of_text(value: object) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and all(isinstance(one, str) for one in value)
    )


def _refuse(path: Path, why: str) -> InvalidInputError:
    return InvalidInputError(f"unable to configure the engine with file {path}: {why}")
