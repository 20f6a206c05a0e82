"""``docker login``: does a registry take this name and this password?

Nothing is kept here: the command line stores what it was typed and sends it along
with every pull and push.
"""

from urllib.parse import urlsplit

from labkit.base.errors import UnauthorizedError
from labkit.base.reference import DEFAULT_DOMAIN
from labkit.engine.engine import Engine
from labkit.images.registry.failures import RefusedError
from labkit.images.registry.model import Credentials

_HUB_INDEX = "index.docker.io"


async def log_in(engine: Engine, server: str, credentials: Credentials) -> None:
    """Try a name and a password at a registry.

    Raises:
        UnauthorizedError: its token server does not take them.
        InternalError: the registry doesn't, or nobody answers.
    """
    domain = server_domain(server)
    try:
        await engine.registries.log_in(domain, credentials)
    except RefusedError as error:
        if error.status == 401 and not str(error).startswith("login attempt"):
            raise UnauthorizedError(f'Get "https://{domain}/v2/": {error}') from error
        raise


def server_domain(server: str) -> str:
    """Read a server's address as the command line has it: a URL, or a host."""
    host = urlsplit(server if "//" in server else f"//{server}").netloc
    return DEFAULT_DOMAIN if host in ("", _HUB_INDEX) else host
