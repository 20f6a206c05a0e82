"""What is inside a container: its logs, a file of it, a program run in it."""

import contextlib
import io
import tarfile

import docker
import docker.errors

from labkit.grading.observe.client import CALL_SECONDS
from labkit.grading.observe.streams import STDERR, STDOUT, open_stream, read_frames
from labkit.grading.probes import CommandResult, Text

_LIMIT_BYTES = 256 * 1024
_LAST_LINES = 500


def read_logs(client: docker.APIClient, name: str) -> Text:
    """Read the last lines that a container printed, errors included."""
    try:
        printed: bytes = client.logs(name, stdout=True, stderr=True, tail=_LAST_LINES)
    except docker.errors.APIError as error:
        if "does not support reading" in str(error.explanation):
            return Text("")  # a driver that keeps nothing, or keeps it elsewhere
        raise
    return Text(printed[-_LIMIT_BYTES:].decode("utf-8", "replace"))


def read_file(client: docker.APIClient, name: str, path: str) -> Text | None:
    """Read a file through ``GET /containers/{id}/archive``, which changes nothing.

    Where a link leads is the engine's to say, inside the container's own root.
    """
    try:
        chunks, stat = client.get_archive(name, path)
    except docker.errors.APIError as error:
        # A dockerd takes a file in the place of a folder for a failure of its own.
        if "not a directory" in str(error.explanation):
            return None
        raise
    archive = b""
    for chunk in chunks:
        archive += chunk
        if len(archive) > _LIMIT_BYTES:
            break
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r|") as tar:
        member = tar.next()
        if member is None:
            return None
        if member.issym():
            return _follow(client, name, path, stat.get("linkTarget") or "")
        file = tar.extractfile(member) if member.isfile() else None
        if file is None:
            return Text("", member.uid, "folder" if member.isdir() else "special file")
        text = file.read(_LIMIT_BYTES).decode("utf-8", "replace")
        return Text(text, member.uid)


def _follow(client: docker.APIClient, name: str, path: str, target: str) -> Text:
    """Read what a link leads to; the engine has resolved all links on the way."""
    found = None
    if target and target != path:
        with contextlib.suppress(docker.errors.NotFound):
            found = read_file(client, name, target)
    return found or Text("", kind="link to nowhere")


def run_command(
    client: docker.APIClient, name: str, argv: tuple[str, ...]
) -> CommandResult:
    """Run a program in a container and wait for its end."""
    made = client.exec_create(name, list(argv), stdout=True, stderr=True)
    path, how = f"/exec/{made['Id']}/start", {"Detach": False, "Tty": False}
    with open_stream(client, path, CALL_SECONDS, json=how) as stream:
        output = read_frames(stream.content, STDOUT, STDERR)
    code = client.exec_inspect(made["Id"])["ExitCode"]
    return CommandResult(int(code or 0), output.decode("utf-8", "replace"))
