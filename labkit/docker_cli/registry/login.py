"""``docker login``."""

from __future__ import annotations

import os
import sys
import termios

from labkit.docker_cli.arguments import at_most
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.registry.credentials import HUB, credentials_for, store
from labkit.docker_cli.terminal import STDIN, STDOUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.flags import Values
    from labkit.docker_cli.json_text import Json

ARGUMENTS = at_most(1)

_ON_HUB = """\
Failed to start web-based login - falling back to command line login...

Log in with your Docker ID or email address to push and pull images from Docker Hub. \
If you don't have a Docker ID, head over to https://hub.docker.com/ to create one.
You can log in with your password or a Personal Access Token (PAT). Using a \
limited-scope PAT grants better security and is required for organizations using SSO. \
Learn more at https://docs.docker.com/go/access-tokens/

"""
"""What Docker's own says on a machine from which Docker Hub can't be reached."""
_SETTINGS = "https://app.docker.com/settings"
_PLAIN_HINT = f"""
 Info -> A Personal Access Token (PAT) can be used instead.
         To create a PAT, visit {_SETTINGS}
         \n         \n"""
_HINT = (
    "\n\x1b[1m\x1b[106m\x1b[30mi\x1b[0m\x1b[0m \x1b[96mInfo → \x1b[0m\x1b[0m"
    "\x1b[3mA Personal Access Token (PAT) can be used instead.\x1b[0m\n"
    f"         \x1b[3mTo create a PAT, visit \x1b[4m{_SETTINGS}\x1b[0m\x1b[0m\n"
    + "         \x1b[3m\x1b[0m\n"
    * 2
)
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
        user, password = _ask(cli, user, password, on_hub=server == HUB)
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


def _ask(cli: Cli, user: str, password: str, on_hub: bool) -> tuple[str, str]:
    if (not user or not password) and not os.isatty(STDIN):
        raise CliError(
            "Error: Cannot perform an interactive login from a non TTY device"
        )
    if not user:
        cli.write(f"{_ON_HUB if on_hub else ''}Username: ")
        cli.flush()
        user = sys.stdin.readline().strip()
        if not user:
            raise CliError("Error: Non-null Username Required")
    if not password:
        hint = (_HINT if os.isatty(STDOUT) else _PLAIN_HINT) if on_hub else ""
        cli.write(f"{hint}Password: ")
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
    # Now: what was typed in advance counts.
    termios.tcsetattr(STDIN, termios.TCSANOW, hidden)
    try:
        return sys.stdin.readline().strip()
    finally:
        termios.tcsetattr(STDIN, termios.TCSANOW, before)


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
