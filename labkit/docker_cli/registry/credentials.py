"""Who the user is at each registry: ``config.json``, or a helper that keeps it."""

from __future__ import annotations

import binascii

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.json_text import compact, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.config import Config
    from labkit.docker_cli.json_text import Json

HUB = "https://index.docker.io/v1/"


def registry_of(domain: str) -> str:
    """Return the name under which a registry's credentials are kept."""
    return HUB if domain in ("docker.io", "index.docker.io") else domain


def auth_header(auth: Json) -> dict[str, str]:
    """Return the header that shows the engine who the user is."""
    text = binascii.b2a_base64(compact(auth).encode(), newline=False)
    safe = text.replace(b"+", b"-").replace(b"/", b"_")
    return {"X-Registry-Auth": safe.decode()}


def credentials_for(config: Config, registry: str) -> Json:
    """Return what is known of the user at a registry; empty if nothing is."""
    helper = _helper(config, registry)
    if helper:
        return _from_helper(helper, registry)
    auths = config.values.get("auths") or {}
    found = auths.get(registry)
    if found is None:
        bare = _bare(registry)
        found = next((a for name, a in auths.items() if _bare(name) == bare), None)
    return _decoded(found, registry) if found else {}


def all_credentials(config: Config) -> Json:
    """Return what is known of the user at every registry, for builds."""
    names = config.values.get("auths") or {}
    return {name: credentials_for(config, name) for name in names}


def _decoded(found: Json, registry: str) -> Json:
    auth = {"serveraddress": registry}
    for name in ("identitytoken", "registrytoken"):
        if found.get(name):
            auth[name] = found[name]
    if found.get("auth"):
        try:
            text = binascii.a2b_base64(found["auth"]).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise CliError(f"invalid auth configuration file: {registry}") from None
        name, _, password = text.partition(":")
        auth |= {"username": name, "password": password.rstrip("\0")}
    return auth


def config_header(config: Config) -> dict[str, str]:
    """Return the header that shows the engine who the user is at each registry."""
    text = binascii.b2a_base64(compact(all_credentials(config)).encode(), newline=False)
    safe = text.replace(b"+", b"-").replace(b"/", b"_")
    return {"X-Registry-Config": safe.decode()}


def store(config: Config, registry: str, auth: Json) -> None:
    """Keep a user's name and password, or token."""
    helper = _helper(config, registry)
    if helper:
        secret = auth.get("identitytoken") or auth["password"]
        name = "<token>" if auth.get("identitytoken") else auth["username"]
        record = {"ServerURL": registry, "Username": name, "Secret": secret}
        _run_helper(helper, "store", compact(record))
        return
    entry = {}
    if auth.get("identitytoken"):
        entry["identitytoken"] = auth["identitytoken"]
    text = f"{auth['username']}:{auth.get('password', '')}".encode()
    entry["auth"] = binascii.b2a_base64(text, newline=False).decode()
    values = dict(config.values)
    values["auths"] = {**(values.get("auths") or {}), registry: entry}
    config.save(values)


def erase(config: Config, registry: str) -> bool:
    """Forget a registry; say whether anything was known of it."""
    helper = _helper(config, registry)
    if helper:
        _run_helper(helper, "erase", registry)
        return True
    values = dict(config.values)
    auths = dict(values.get("auths") or {})
    names = [name for name in auths if _bare(name) == _bare(registry)]
    if not names:
        return False
    for name in names:
        del auths[name]
    values["auths"] = auths
    config.save(values)
    return True


def _bare(registry: str) -> str:
    return registry.removeprefix("https://").removeprefix("http://").partition("/")[0]


def _helper(config: Config, registry: str) -> str:
    helpers = config.values.get("credHelpers") or {}
    return str(helpers.get(registry) or config.values.get("credsStore") or "")


def _from_helper(helper: str, registry: str) -> Json:
    try:
        found = parse(_run_helper(helper, "get", registry))
    except CliError:
        return {}
    auth = {"serveraddress": registry, "username": found["Username"]}
    if found["Username"] == "<token>":
        return {"serveraddress": registry, "identitytoken": found["Secret"]}
    return {**auth, "password": found["Secret"]}


def _run_helper(helper: str, verb: str, text: str) -> str:
    import subprocess

    program = f"docker-credential-{helper}"
    try:
        done = subprocess.run(
            [program, verb], input=text, capture_output=True, text=True, check=False
        )
    except OSError:
        raise CliError(
            f'error getting credentials - err: exec: "{program}": executable file not '
            "found in $PATH, out: ``"
        ) from None
    if done.returncode:
        raise CliError(
            f"error getting credentials - err: exit status {done.returncode}, "
            f"out: `{done.stdout.strip()}`"
        )
    return done.stdout
