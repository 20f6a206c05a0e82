"""What becomes of an image that was built: a folder, a file, a registry."""

import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from labkit.base.errors import InvalidInputError
from labkit.base.reference import parse_reference
from labkit.docker_cli.buildx.door import Result
from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.errors import BuildxError, RefusedError
from labkit.docker_cli.buildx.flatten import Flattened
from labkit.docker_cli.buildx.repack import as_tar, repack
from labkit.docker_cli.buildx.wish import Output, read_tag
from labkit.docker_cli.config import Config
from labkit.docker_cli.registry.credentials import (
    auth_header,
    credentials_for,
    registry_of,
)


def keeps_image(outputs: tuple[Output, ...]) -> bool:
    """Say whether the image is meant to stay in the engine."""
    kept = ("image", "registry", "cacheonly")
    return not outputs or any(
        one.type in kept or (one.type == "docker" and not one.destination)
        for one in outputs
    )


def makes_image(outputs: tuple[Output, ...]) -> bool:
    """Say whether an image comes out, in the engine or elsewhere: it has an id then."""
    made = ("image", "registry", "docker", "oci")
    return not outputs or any(one.type in made for one in outputs)


def check_outputs(outputs: tuple[Output, ...]) -> None:
    """Refuse before a build what would fail after it.

    Raises:
        BuildxError: a destination can't be, or is a terminal.
    """
    for one in outputs:
        if one.destination == "-" and sys.stdout.isatty():
            raise BuildxError("dest file is required when output is a terminal")
        is_file = one.type in ("tar", "oci", "docker") and one.destination and one.tar
        if is_file and Path(one.destination).is_dir():
            raise BuildxError(f"destination {one.destination} is a folder")


def put_out(
    engine: Engine, result: Result, outputs: tuple[Output, ...], config: Path
) -> None:
    """Bring a result to where it was asked for.

    Raises:
        BuildxError: it can't be written or pushed.
    """
    for output in outputs:
        if output.push:
            _push(engine, result, config)
        elif output.destination:
            with tempfile.TemporaryFile() as saved:
                _save(engine, result, output, saved)
                _write(saved, output)
    if not keeps_image(outputs):
        _drop(engine, result)


def _save(engine: Engine, result: Result, output: Output, file: IO[bytes]) -> None:
    with ExitStack() as stack:
        names = []
        for place in output.names if output.type in ("oci", "docker") else ():
            names.append(stack.enter_context(_called(engine, result.id, place)))
        query = {"names": names or [result.id]}
        for piece in engine.request("GET", "/images/get", query).pieces():
            file.write(piece)
    file.seek(0)


def _write(saved: IO[bytes], output: Output) -> None:
    try:
        if output.type == "local":
            _write_folder(saved, Path(output.destination))
        elif not output.tar:
            _write_layout(saved, output)
        elif output.destination == "-":
            _write_file(saved, output, sys.stdout.buffer)
        else:
            with open(output.destination, "wb") as file:
                _write_file(saved, output, file)
    except (OSError, tarfile.TarError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise BuildxError(
            f"cannot write output to {output.destination}: {reason}"
        ) from error


def _write_file(saved: IO[bytes], output: Output, file: IO[bytes]) -> None:
    if output.type != "tar":
        file.writelines(as_tar(saved, output.packing))
        return
    with tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for info, data in Flattened(saved).entries():
            tar.addfile(info, data)


def _write_folder(saved: IO[bytes], folder: Path) -> None:
    """Unpack as the user who builds, as BuildKit does: nobody else's files are made."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile() as plain:
        with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for info, data in Flattened(saved).entries():
                tar.addfile(info, data)
        plain.seek(0)
        with tarfile.open(fileobj=plain) as tar:
            tar.extractall(folder, filter=_own)


def _write_layout(saved: IO[bytes], output: Output) -> None:
    """Write an image as a folder, an OCI layout."""
    for name, file, _ in repack(saved, output.packing):
        if name == "manifest.json":  # is for `docker load`, which takes no folders
            continue
        path = Path(output.destination, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with file, path.open("wb") as target:
            shutil.copyfileobj(file, target)


def _own(info: tarfile.TarInfo, folder: str) -> tarfile.TarInfo | None:
    """Refuse what would lie outside, leave devices out, and give all to the user."""
    if info.isdev():
        return None
    checked = tarfile.tar_filter(info, folder)
    return checked.replace(uid=None, gid=None, uname=None, gname=None, deep=False)  # type: ignore[arg-type]


def _push(engine: Engine, result: Result, config: Path) -> None:
    if not result.names:
        raise BuildxError("tag is needed when pushing to registry")
    for name in result.names:
        _push_name(engine, name, config)


def push_as(engine: Engine, image: str, place: str, config: Path) -> None:
    """Push an image by another name, which it has for that time only.

    Raises:
        BuildxError: it is no name, or can't be pushed.
    """
    try:
        parse_reference(place)
    except InvalidInputError as error:
        raise BuildxError(f"invalid cache reference {place!r}: {error}") from error
    with _called(engine, image, place) as name:
        _push_name(engine, name, config)


@contextmanager
def _called(engine: Engine, image: str, place: str) -> Iterator[str]:
    """Give an image a name as long as it takes, if it hasn't it already."""
    reference = parse_reference(read_tag(place))
    tag = reference.tag or "latest"
    repository = reference.name
    names = engine.get(f"/images/{image}/json").get("RepoTags") or ()
    query = {"repo": repository, "tag": tag}
    engine.request("POST", f"/images/{image}/tag", query).read()
    name = f"{repository}:{tag}"
    try:
        yield name
    finally:
        if not any(parse_reference(one).text == name for one in names):
            engine.request("DELETE", f"/images/{name}", {"noprune": "1"}).read()


def _push_name(engine: Engine, name: str, config: Path) -> None:
    repository, _, tag = name.rpartition(":")
    registry = registry_of(name.partition("/")[0])
    auth = credentials_for(Config(str(config)), registry)
    answer = engine.request(
        "POST", f"/images/{repository}/push", {"tag": tag}, (), auth_header(auth)
    )
    for line in answer.values():
        if "error" in line:
            raise BuildxError(f"failed to push {name}: {line['error']}")


def _drop(engine: Engine, result: Result) -> None:
    """Forget an image that nobody asked to keep, unless it has names of its own."""
    try:
        found = engine.get(f"/images/{result.id}/json")
        if not found.get("RepoTags"):
            engine.request("DELETE", f"/images/{result.id}", {"noprune": "1"}).read()
    except RefusedError:
        return  # it went with its last name, or a container stands on it
