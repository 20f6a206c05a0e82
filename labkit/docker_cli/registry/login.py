"""``docker login``."""

from __future__ import annotations

import os
import sys
import termios

from labkit.docker_cli.arguments import at_most
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.registry.credentials import HUB, credentials_for, store
from labkit.docker_cli.terminal import STDIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.flags import Values
    from labkit.docker_cli.json_text import Json

ARGUMENTS = at_most(1)

_UNENCRYPTED = """
WARNING! Your credentials are stored unencrypted in '{}'.
Configure a credential helper to remove this warning. See
https://docs.docker.com/go/credential-store/
"""


def run(cli: Cli, call: Call) -> int:
    """Show a registry who the user is, and remember it."""
    values = call.values
    _check(values)
    user, password = values.text("username"), values.text("password")
    if password:
        cli.error(
            "WARNING! Using --password via the CLI is insecure. Use --password-stdin."
        )
    if values.on("password-stdin"):
        password = sys.stdin.read().removesuffix("\n").removesuffix("\r")
    server = call.arguments[0] if call.arguments else ""
    server = HUB if server in ("", "docker.io") else _host(server)
    auth: Json = {}
    if not user and not password:
        auth = credentials_for(cli.config, server)
    if auth.get("username") and auth.get("password"):
        cli.error(
            "Authenticating with existing credentials... [Username: "
            f"{auth['username']}]"
        )
    else:
        user, password = _ask(cli, user, password)
        auth = {"username": user, "password": password, "serveraddress": server}
    _log_in(cli, server, auth)
    return 0


def _check(values: Values) -> None:
    changed = values.changed
    if "password-stdin" in changed:
        if "password" in changed:
            raise CliError(
                "conflicting options: cannot specify both --password and "
                "--password-stdin"
            )
        if "username" not in changed:
            raise CliError("the --password-stdin option requires --username to be set")
    for flag in ("username", "password"):
        if flag in changed and not values.text(flag):
            raise CliError(f"{flag} is empty")


def _host(server: str) -> str:
    return server.removeprefix("https://").removeprefix("http://").partition("/")[0]


def _ask(cli: Cli, user: str, password: str) -> tuple[str, str]:
    if (not user or not password) and not os.isatty(STDIN):
        raise CliError(
            "Error: Cannot perform an interactive login from a non TTY device"
        )
    if not user:
        cli.write("Username: ")
        cli.flush()
        user = sys.stdin.readline().strip()
        if not user:
            raise CliError("Error: Non-null Username Required")
    if not password:
        cli.write("Password: ")
        cli.flush()
        password = _read_hidden()
        cli.line("")
        if not password:
            raise CliError("Error: Password Required")
    return user, password


def _read_hidden() -> str:
    before = termios.tcgetattr(STDIN)
    hidden = list(before)
    hidden[3] &= ~termios.ECHO
    termios.tcsetattr(STDIN, termios.TCSAFLUSH, hidden)
    try:
        return sys.stdin.readline().strip()
    finally:
        termios.tcsetattr(STDIN, termios.TCSAFLUSH, before)


def _log_in(cli: Cli, server: str, auth: Json) -> None:
    answer = cli.client.post("/auth", None, auth) or {}
    if answer.get("IdentityToken"):
        auth = {**auth, "password": "", "identitytoken": answer["IdentityToken"]}
    helper = cli.config.values.get("credsStore") or cli.config.values.get("credHelpers")
    store(cli.config, server, auth)
    if not helper:
        cli.error(_UNENCRYPTED.format(cli.config.path))
    if answer.get("Status"):
        cli.line(answer["Status"])
