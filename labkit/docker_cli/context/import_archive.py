"""``docker context import``."""

from __future__ import annotations

import io
import sys
import tarfile

from labkit.base.errors import os_reason
from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.contexts import Context, check_new, save
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.json_text import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = exactly(2)


def run(cli: Cli, call: Call) -> int:
    """Take a context from an archive."""
    name, source = call.arguments
    check_new(cli.config, name)
    found = parse(_meta(_read(source)))
    endpoint = found.get("Endpoints", {}).get("docker", {})
    description = found.get("Metadata", {}).get("Description", "")
    skip = endpoint.get("SkipTLSVerify", False)
    save(cli.config, Context(name, endpoint.get("Host", ""), description, skip))
    cli.line(name)
    cli.error(f'Successfully imported context "{name}"')
    return 0


def _read(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    try:
        with open(source, "rb") as file:
            return file.read()
    except OSError as error:
        raise CliError(f"open {source}: {os_reason(error)}") from None


def _meta(archive: bytes) -> str:
    try:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            member = tar.extractfile("meta.json")
            assert member is not None
            return member.read().decode()
    except (tarfile.TarError, KeyError):
        raise CliError("invalid context: no metadata found") from None
