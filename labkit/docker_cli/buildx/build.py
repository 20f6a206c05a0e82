"""``docker buildx build``, which ``docker build`` is."""

import json
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labkit.docker_cli.buildx.calls import (
    Call,
    answer_call,
    code_of,
    printed,
    wanted_call,
)
from labkit.docker_cli.buildx.door import Result
from labkit.docker_cli.buildx.errors import BuildFailedError, BuildxError
from labkit.docker_cli.buildx.flags import Given
from labkit.docker_cli.buildx.material import prepare
from labkit.docker_cli.buildx.options import BUILD, read_wish
from labkit.docker_cli.buildx.outputs import makes_image
from labkit.docker_cli.buildx.progress import Display, open_display
from labkit.docker_cli.buildx.run import run
from labkit.docker_cli.buildx.shop import Shop
from labkit.docker_cli.buildx.texts import warnings_text
from labkit.docker_cli.buildx.wish import Wish
from labkit.docker_cli.errors import CliError

_WITHOUT_ID = ("local", "tar")
HEADLINE = 'building with "default" instance using docker driver'


def build(shop: Shop, given: Given) -> int:
    """Build one image; return the code to end with."""
    wish = read_wish(given)
    id_file = given.text("iidfile")
    if id_file and any(one.type in _WITHOUT_ID for one in wish.outputs):
        raise BuildxError("local and tar exporters are incompatible with image ID file")
    if call := wanted_call(given):
        return _call(shop, wish, call)
    if id_file:
        _remove(id_file)  # an old id must not be taken for one of a build that fails
    quiet = given.is_set("quiet") or given.text("progress") == "quiet"
    display = open_display(progress_mode(given, quiet))
    display.begin(HEADLINE)
    try:
        result = run(shop, wish, {}, display.update)
    except KeyboardInterrupt:
        finish(display, given)
        raise
    except CliError as error:
        finish(display, given)
        raise _explained(error) from error
    finish(display, given)
    # As in buildx: files that lie in a folder have no id, and an empty one is written.
    image_id = result.id if makes_image(wish.outputs) else ""
    if quiet:
        sys.stdout.write(f"{image_id}\n")
    if id_file:
        write_file(id_file, image_id)
    if path := given.text("metadata-file"):
        write_file(path, json.dumps(metadata(result, wish), indent=2))
    return 0


def progress_mode(given: Given, quiet: bool = False) -> str:
    """Return how progress is shown: the last ``--progress`` counts.

    Raises:
        BuildxError: ``quiet`` goes with none of the others.
    """
    said = given.text("progress", "auto")
    mode = "quiet" if said == "none" else said
    if not quiet:
        return mode
    if mode not in ("auto", "quiet"):
        raise BuildxError(f"progress={said} and quiet cannot be used together")
    return "quiet"


def finish(display: Display, given: Given) -> None:
    """Draw the end, and say what was warned of."""
    display.end()
    sys.stderr.write(warnings_text(display.warnings, given.is_set("debug")))
    sys.stderr.flush()


def metadata(result: Result, wish: Wish) -> Mapping[str, Any]:
    """Return what ``--metadata-file`` says of a result."""
    found = {"buildx.build.ref": f"default/default/{secrets.token_hex(13)[:25]}"}
    if not makes_image(wish.outputs):
        return found
    found |= {
        "containerimage.config.digest": result.id,
        "containerimage.digest": result.id,
    }
    return found | ({"image.name": ",".join(result.names)} if result.names else {})


def _remove(path: str) -> None:
    try:
        Path(path).unlink(missing_ok=True)
    except OSError as error:
        raise BuildxError(f"removing image ID file: {error.strerror}") from error


def write_file(path: str, text: str) -> None:
    """Write a file that was asked for.

    Raises:
        BuildxError: it can't be written.
    """
    try:
        Path(path).write_text(text)
    except OSError as error:
        raise BuildxError(f"cannot write {path}: {error.strerror}") from error


def _call(shop: Shop, wish: Wish, call: Call) -> int:
    """Answer a question about a build."""
    try:
        answer = answer_call(shop.engine, prepare(wish, {}), call)
    except CliError as error:
        raise _explained(error) from error
    sys.stdout.write(printed(answer, call))
    if answer.error:
        raise BuildxError(answer.error)
    return code_of(answer, call)


def _explained(error: CliError) -> BuildxError:
    """Say what went wrong as buildx does, the lines in front."""
    if not isinstance(error, BuildFailedError):
        return BuildxError(f"failed to build: {error}", error.code)
    if error.source is not None:
        sys.stderr.write(error.source.excerpt() + "\n")
    return BuildxError(f"failed to build: failed to solve: {error}", error.code)


COMMANDS = {"build": (BUILD, build)}
