"""``--ssh``: an agent that is there, or one for a few keys as long as a build takes."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from labkit.docker_cli.buildx.errors import BuildxError


@contextmanager
def open_agents(wanted: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Have a socket for each name, whose value is a socket, files of keys, or nothing.

    Raises:
        BuildxError: there is no such socket or key.
    """
    with ExitStack() as stack:
        yield {name: _socket(text, stack) for name, text in wanted.items()}


def _socket(text: str, stack: ExitStack) -> str:
    found = text or os.environ.get("SSH_AUTH_SOCK", "")
    if not found:
        raise BuildxError(
            "invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set"
        )
    paths = [Path(one).absolute() for one in found.split(",")]
    if len(paths) == 1 and paths[0].is_socket():
        return str(paths[0])
    for path in paths:
        if not path.is_file():
            raise BuildxError(f"{path} is neither an ssh agent's socket nor a key")
    return stack.enter_context(_agent_of(paths))


@contextmanager
def _agent_of(keys: Sequence[Path]) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="labkit-agent-") as folder:
        place = f"{folder}/socket"
        try:
            agent = subprocess.Popen(
                ["ssh-agent", "-D", "-a", place], stdout=subprocess.PIPE
            )
        except OSError as error:
            raise BuildxError(
                "keys need ssh-agent, which isn't here (Debian: openssh-client)"
            ) from error
        with agent:
            try:
                assert agent.stdout is not None
                agent.stdout.readline()  # it says where it listens once it does
                _add(keys, place)
                yield place
            finally:
                agent.terminate()


def _add(keys: Sequence[Path], place: str) -> None:
    done = subprocess.run(
        ["ssh-add", "-q", *keys],
        env={**os.environ, "SSH_AUTH_SOCK": place},
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise BuildxError(f"cannot add {', '.join(map(str, keys))} to an agent: {said}")
