"""``docker load``."""

from __future__ import annotations

import os

from labkit.docker_cli.arguments import NONE
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.input_file import open_input, read_pieces
from labkit.docker_cli.progress import show_progress
from labkit.docker_cli.terminal import STDIN, STDOUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = NONE


def run(cli: Cli, call: Call) -> int:
    """Take in images from an archive."""
    path = call.values.text("input")
    if not path and os.isatty(STDIN):
        raise CliError("requested load from stdin, but stdin is empty")
    fd = open_input(path) if path else STDIN
    quiet = call.values.on("quiet") or not os.isatty(STDOUT)
    query = {"quiet": "1" if quiet else "0"}
    headers = {"Content-Type": "application/x-tar"}
    answer = cli.client.upload("POST", "/images/load", query, read_pieces(fd), headers)
    show_progress(answer.values())
    return 0
