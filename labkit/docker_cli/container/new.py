"""The first half of ``run``, and all of ``create``: a container that is not started."""

from __future__ import annotations

import os

from labkit.base.errors import os_reason
from labkit.docker_cli.container.checks import CREATE_CHECKS, CREATE_RENAMED
from labkit.docker_cli.container.settings import container_settings
from labkit.docker_cli.errors import USAGE, CliError, EngineError
from labkit.docker_cli.flags import Rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Cli
    from labkit.docker_cli.flags import Values
    from labkit.docker_cli.json_text import Json

CREATE_RULES = Rules(False, CREATE_CHECKS, CREATE_RENAMED)

_NOT_FOUND = 404
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789:/._-")


def settings_of(values: Values, arguments: list[str], verb: str) -> Json:
    """Return the new container's record.

    Raises:
        CliError: the flags can't be; with the advice to read the page.
    """
    pull = values.text("pull")
    if pull not in ("", "always", "missing", "never"):
        problem = (
            f'invalid pull option: \'{pull}\': must be one of "always", "missing" '
            'or "never"'
        )
        raise CliError(with_help(problem, verb), USAGE)
    try:
        return container_settings(values, arguments)
    except CliError as error:
        raise CliError(with_help(str(error), verb), USAGE) from None


def with_help(problem: str, verb: str) -> str:
    return f"docker: {problem}\n\nRun 'docker {verb} --help' for more information"


def create_container(cli: Cli, values: Values, settings: Json) -> str:
    """Make the container, its image pulled if need be; return its id.

    Raises:
        CliError: it can't be made.
    """
    cidfile = _reserve(values.text("cidfile"))
    check_reference(settings["Image"])
    check_platform(values.text("platform"))
    query: dict[str, object] = {}
    if values.text("name"):
        query["name"] = values.text("name")
    if values.text("platform"):
        query["platform"] = values.text("platform")
    try:
        answer = _create_or_pull(cli, values, settings, query)
    except CliError:
        if cidfile:
            os.unlink(cidfile)
        raise
    for warning in answer.get("Warnings") or []:
        cli.error(f"WARNING: {warning}")
    if cidfile:
        with open(cidfile, "w", encoding="utf-8") as file:
            file.write(answer["Id"])
    return str(answer["Id"])


def _reserve(path: str) -> str:
    if not path:
        return ""
    if os.path.exists(path):
        raise CliError(
            f"container ID file found, make sure the other container isn't running or "
            f"delete {path}"
        )
    try:
        with open(path, "x", encoding="utf-8"):
            return path
    except OSError as error:
        raise CliError(
            f"failed to create the container ID file: open {path}: {os_reason(error)}"
        ) from None


def check_reference(name: str) -> None:
    """Refuse what can't be an image's name.

    Raises:
        CliError: in Docker's words.
    """
    if _is_usual(name):
        return  # the grammar costs ten milliseconds to load
    # Late: only for names that look odd.
    from labkit.base.errors import InvalidInputError
    from labkit.base.reference import parse_reference

    if len(name) == 64 and set(name) <= set("0123456789abcdef"):
        return
    if name.startswith("sha256:") and len(name) == 71:
        return
    try:
        parse_reference(name)
    except InvalidInputError as error:
        raise CliError(str(error)) from None


def _is_usual(name: str) -> bool:
    if not _PLAIN.issuperset(name) or ".." in name or "//" in name:
        return False
    last = name.rpartition("/")[2]
    return name[:1].isalnum() and name[-1:].isalnum() and last.count(":") < 2


def check_platform(text: str) -> None:
    """Refuse what can't be a platform, such as ``linux/amd64``.

    Raises:
        CliError: in containerd's words.
    """
    if text.count("/") > 2:
        raise CliError(
            f'error parsing specified platform: "{text}": cannot parse platform '
            "specifier: invalid argument"
        )


def _create_or_pull(
    cli: Cli, values: Values, settings: Json, query: dict[str, object]
) -> Json:
    pull = values.text("pull") or "missing"
    if pull == "always":
        _pull(cli, settings["Image"], values)
    cli.client.greet()
    try:
        return cli.client.post("/containers/create", query, settings)
    except EngineError as error:
        # Whatever is missing: Docker's own takes it for the image.
        if error.status != _NOT_FOUND or pull != "missing":
            raise
    if not values.on("quiet"):
        cli.error(f"Unable to find image '{_tagged(settings['Image'])}' locally")
    _pull(cli, settings["Image"], values)
    return cli.client.post("/containers/create", query, settings)


def _tagged(name: str) -> str:
    last = name.rpartition("/")[2]
    return name if ":" in last or "@" in name else f"{name}:latest"


def _pull(cli: Cli, image: str, values: Values) -> None:
    # Late: most runs find their image.
    from labkit.docker_cli.image.pulling import pull_image

    pull_image(
        cli, image, values.text("platform"), quiet=values.on("quiet"), to_stderr=True
    )
