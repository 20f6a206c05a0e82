"""``--docker host=tcp://server:2376,ca=...``: where a context's engine is."""

from __future__ import annotations

from labkit.docker_cli.contexts import load
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.texts import pairs_map
from labkit.docker_cli.values import read_bool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Cli

_KNOWN = ("from", "host", "ca", "cert", "key", "skip-tls-verify")


def parse_docker_options(cli: Cli, options: list[str]) -> tuple[str, bool]:
    """Return the host, and whether its certificate is not looked at.

    Raises:
        CliError: an option is not known, or there is no host.
    """
    given = pairs_map(options)
    for name in given:
        if name not in _KNOWN:
            raise CliError(f"{name}: unrecognized config key")
    if "from" in given:
        if given["from"] == "default":
            return cli.endpoint.host, False
        found = load(cli.config, given["from"])
        return found.host, found.skip_tls_verify
    for name in ("ca", "cert", "key"):
        if name in given:
            raise CliError(
                f"{name}: the bundled docker keeps no certificates in contexts; "
                "use DOCKER_CERT_PATH and DOCKER_TLS_VERIFY"
            )
    host = given.get("host", "")
    if not host:
        raise CliError(
            "unable to create docker endpoint config: docker endpoint "
            "configuration is required"
        )
    try:
        skip = read_bool(given.get("skip-tls-verify", "false"))
    except ValueError as error:
        raise CliError(f"skip-tls-verify: {error}") from None
    return host, skip
