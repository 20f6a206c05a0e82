"""``docker context export``."""

from __future__ import annotations

import io
import os
import sys
import tarfile

from labkit.base.errors import os_reason
from labkit.docker_cli.arguments import Arguments
from labkit.docker_cli.contexts import DEFAULT, load, meta_folder
from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = Arguments(1, 2)


def run(cli: Cli, call: Call) -> int:
    """Write a context as an archive."""
    name = call.arguments[0]
    if name != DEFAULT:
        load(cli.config, name)
    target = call.arguments[1] if len(call.arguments) > 1 else f"{name}.dockercontext"
    if target == "-" and os.isatty(1):
        raise CliError("cowardly refusing to export to a terminal, specify a file path")
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        if name != DEFAULT:
            path = os.path.join(meta_folder(cli.config, name), "meta.json")
            tar.add(path, "meta.json")
            folder = tarfile.TarInfo("tls")
            folder.type, folder.mode = tarfile.DIRTYPE, 0o700
            tar.addfile(folder)
    if target == "-":
        cli.flush()
        sys.stdout.buffer.write(archive.getvalue())
        return 0
    try:
        with open(target, "xb") as file:
            file.write(archive.getvalue())
    except OSError as error:
        raise CliError(f"open {target}: {os_reason(error)}") from None
    cli.error(f'Written file "{target}"')
    return 0
