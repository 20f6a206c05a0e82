"""Attaching to a container: opened before its start, talked over after it."""

from __future__ import annotations

import os

from labkit.base.errors import os_reason
from labkit.docker_cli.client import path_of
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.signals import follow_size
from labkit.docker_cli.streams import Exchange
from labkit.docker_cli.terminal import STDOUT, detach_keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Cli
    from labkit.docker_cli.http import Connection, Response
    from labkit.docker_cli.json_text import Json


class Attachment:
    """An open connection to a container's streams."""

    def __init__(
        self, connection: Connection, identity: str, config: Json, keys: str
    ) -> None:
        self._identity = identity
        self._tty = config["Tty"]
        self._output = config["AttachStdout"] or config["AttachStderr"]
        stdin = config["AttachStdin"]
        found = detach_keys(keys if self._tty else "")
        self._exchange = Exchange(connection, self._tty, stdin, found)

    def converse(self, cli: Cli) -> bool:
        """Copy both ways until the output ends; say False if the user detached."""
        cli.flush()
        if self._tty and os.isatty(STDOUT):
            follow_size(cli, path_of("containers", self._identity))
        try:
            return self._exchange.run(self._output)
        except BrokenPipeError as error:
            raise CliError(f"write /dev/stdout: {os_reason(error)}") from None


def open_attachment(cli: Cli, identity: str, config: Json, keys: str) -> Attachment:
    """Attach to the streams that a container's record asks for."""
    query: dict[str, object] = {"stream": "1"}
    if keys:
        query["detachKeys"] = keys
    for stream in ("Stdin", "Stdout", "Stderr"):
        if config[f"Attach{stream}"]:
            query[stream.lower()] = "1"
    connection = cli.client.hijack(path_of("containers", identity, "/attach"), query)
    return Attachment(connection, identity, config, keys)


def wait_for_exit(cli: Cli, identity: str, removed: bool) -> Response:
    """Ask to be told of the next end; the answer comes then."""
    condition = "removed" if removed else "next-exit"
    path = path_of("containers", identity, "/wait")
    return cli.client.call("POST", path, {"condition": condition})
