"""Commands that Docker's own command line has, and this one leaves to the engine.

Swarms, their services, plug-ins, signatures and lists of manifests are no part of the
course, and the lab's engine has none of them. Each group has its page; a verb asks the
engine what Docker's own would ask first, so that the learner reads the engine's own
refusal. Where an engine would do it, the answer is that this command does not.
"""

from __future__ import annotations

from labkit.docker_cli import pages
from labkit.docker_cli.errors import USAGE, CliError, NoEngineError
from labkit.docker_cli.marks import experimental_refusal, visible_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Cli

_EXPERIMENTS = ("checkpoint",)
"""What only an engine with experimental features has, pages included."""

_CERTAIN = {
    ("swarm", "init"): ("POST", "/swarm/init"),
    ("swarm", "join"): ("POST", "/swarm/join"),
    ("swarm", "leave"): ("POST", "/swarm/leave"),
}
"""What changes an engine is asked with a request that none can obey."""

_QUESTIONS = {
    "swarm": "/swarm",
    "node": "/nodes",
    "service": "/services",
    "stack": "/services",
    "secret": "/secrets",
    "config": "/configs",
    "plugin": "/plugins",
    "checkpoint": "",
    "manifest": "",
    "trust": "",
}
"""What each group asks for first, if it is the engine that has it."""


def run(cli: Cli, name: str, words: list[str]) -> int:
    """Run a command of a group: print a page, or what the engine refuses.

    Raises:
        CliError: no engine of ours has it, nor does this command line.
    """
    if name in _EXPERIMENTS and (refusal := _refusal(cli, name, words)):
        if not _wants_page(words):
            raise CliError(refusal)
        cli.line(refusal)
        return 0
    if not words:
        raise CliError(_page(cli, name).rstrip("\n"), 0)
    verb, rest = words[0], words[1:]
    if verb in ("--help", "-h", "help"):
        cli.write(_page(cli, name))
        return 0
    described = _described_verbs(name)
    if verb not in described:
        raise _unknown(f"docker {name}", verb)
    if "--help" in rest or "-h" in rest:
        return _print_verb(cli, name, verb, described[verb])
    method, path = _CERTAIN.get((name, verb), ("GET", _QUESTIONS[name]))
    if path and (method == "GET" or _is_alone(cli)):
        body = {"ListenAddr": "0.0.0.0:2377"} if method == "POST" else None
        answer = cli.client.call(method, path, None, body).json()
        if (name, verb) == ("plugin", "ls") and not answer:
            cli.line("ID        NAME      DESCRIPTION   ENABLED")
            return 0
    raise CliError(
        f"docker: 'docker {name} {verb}' is not in the lab's own docker command: "
        "Docker's own command line has it"
    )


def _refusal(cli: Cli, name: str, words: list[str]) -> str:
    """Return why this engine has nothing of the group; nobody there refuses no page."""
    verb = words[0] if words and words[0] in _described_verbs(name) else ""
    try:
        return experimental_refusal(cli, f"docker {name} {verb}".rstrip())
    except NoEngineError:
        if words and not _wants_page(words):
            raise
        return ""


def _wants_page(words: list[str]) -> bool:
    return "--help" in words or "-h" in words or words[:1] == ["help"]


def _page(cli: Cli, name: str) -> str:
    return visible_lines(cli, pages.read_text(f"elsewhere/{name}"))


def _described_verbs(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    commands = False
    for line in pages.read_text(f"elsewhere/{name}").splitlines():
        if line.endswith("ommands:"):
            commands = True
        elif commands and line.startswith("  "):
            verb, _, words = line.strip().removesuffix(" {swarm}").partition(" ")
            found[verb] = words.strip()
    return found


def _print_verb(cli: Cli, name: str, verb: str, words: str) -> int:
    cli.write(
        f"Usage:  docker {name} {verb} [OPTIONS]\n\n{words}\n\n"
        "The lab's own docker command has this from the engine and adds nothing: see\n"
        "Docker's own command line for its options.\n"
    )
    return 0


def _is_alone(cli: Cli) -> bool:
    """Say whether the engine is the lab's, which refuses; another would obey."""
    server = cli.client.get("/version").get("Platform") or {}
    return "labkit" in str(server.get("Name", ""))


def _unknown(path: str, word: str) -> CliError:
    behind = f"Usage:  {path}\n\nRun '{path} --help' for more information"
    if not word.startswith("-"):
        return CliError(f"docker: unknown command: {path} {word}\n\n{behind}")
    said = f"unknown flag: {word}"
    if not word.startswith("--"):
        said = f"unknown shorthand flag: '{word[1:2]}' in {word}"
    return CliError(f"{said}\n\n{behind}", USAGE)
