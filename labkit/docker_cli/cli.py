"""What every verb is given: the streams, the engine, the settings, and its call."""

from __future__ import annotations

import os
import sys

from labkit.docker_cli.client import Client
from labkit.docker_cli.config import Config
from labkit.docker_cli.endpoint import Endpoint, Tls, parse_host
from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.flags import Values
    from labkit.docker_cli.pages import Page


class Call:
    """One command as typed: its name, flags and arguments."""

    __slots__ = ("arguments", "page", "path", "values")

    def __init__(
        self, path: str, page: Page, values: Values, arguments: list[str]
    ) -> None:
        self.path = path
        self.page = page
        self.values = values
        self.arguments = arguments


class Cli:
    """The command line: where it reads and writes, and which engine it talks to."""

    def __init__(self, globals_: Values, folder: str) -> None:
        self.globals = globals_
        self.config = Config(folder)
        self._client: Client | None = None

    @property
    def context_name(self) -> str:
        """Return the name of the context in use, as ``docker context show`` does."""
        named = self.globals.text("context")
        if named:
            return named
        if self.globals.list("host") or os.environ.get("DOCKER_HOST"):
            return "default"
        current = self.config.values.get("currentContext") or ""
        return os.environ.get("DOCKER_CONTEXT") or str(current) or "default"

    @property
    def endpoint(self) -> Endpoint:
        """Return where the engine is."""
        name = self.context_name
        if name != "default":
            # Late: few learners have contexts, and hashing costs five milliseconds.
            from labkit.docker_cli.contexts import load, tls_folder

            context = load(self.config, name)
            tls = _context_tls(tls_folder(self.config, name), context.skip_tls_verify)
            return Endpoint(context.host, tls)
        hosts = self.globals.list("host")
        if len(hosts) > 1:
            raise CliError("specify only one -H")
        named = hosts[0] if hosts else os.environ.get("DOCKER_HOST", "")
        tls = self._tls()
        host = parse_host(named, tls is not None)
        return Endpoint(host, tls if host.startswith("tcp") else None)

    @property
    def client(self) -> Client:
        if self._client is None:
            self._client = Client(self._resolved())
            headers = self.config.values.get("HttpHeaders") or {}
            self._client.headers.update(headers)
        return self._client

    @property
    def was_answered(self) -> bool:
        """Tell whether the engine has said anything yet."""
        return self._client is not None and self._client.was_answered

    def _resolved(self) -> Endpoint:
        try:
            return self.endpoint
        except CliError as error:
            raise CliError(
                f"Failed to initialize: unable to resolve docker endpoint: {error}"
            ) from None

    def _tls(self) -> Tls | None:
        flags = self.globals
        verify = flags.on("tlsverify") or bool(os.environ.get("DOCKER_TLS_VERIFY"))
        if not verify and not flags.on("tls"):
            return None
        folder = os.environ.get("DOCKER_CERT_PATH") or self.config.folder
        found = [
            flags.text(flag) if flag in flags.changed else os.path.join(folder, file)
            for flag, file in (
                ("tlscacert", "ca.pem"),
                ("tlscert", "cert.pem"),
                ("tlskey", "key.pem"),
            )
        ]
        ca, certificate, key = (path if os.path.exists(path) else "" for path in found)
        return Tls(ca, certificate, key, verify)

    def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            self._client.close()

    def write(self, text: str) -> None:
        """Write to stdout."""
        sys.stdout.write(text)

    def line(self, text: str) -> None:
        """Write a line to stdout."""
        sys.stdout.write(text + "\n")

    def error(self, text: str) -> None:
        """Write a line to stderr, behind what stdout has so far."""
        sys.stdout.flush()
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def flush(self) -> None:
        sys.stdout.flush()


def _context_tls(folder: str, skip_verify: bool) -> Tls | None:
    docker = os.path.join(folder, "docker")
    names = ("ca.pem", "cert.pem", "key.pem")
    paths = [os.path.join(docker, name) for name in names]
    ca, certificate, key = (path if os.path.exists(path) else "" for path in paths)
    if not ca and not certificate and not skip_verify:
        return None
    return Tls(ca, certificate, key, verify=not skip_verify)
