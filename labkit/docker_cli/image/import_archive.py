"""``docker import``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.image.names import repository_and_tag
from labkit.docker_cli.input_file import open_input, read_pieces
from labkit.docker_cli.progress import show_progress
from labkit.docker_cli.terminal import STDIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = at_least(1)


def run(cli: Cli, call: Call) -> int:
    """Make an image of an archive of files."""
    values = call.values
    source = call.arguments[0]
    query: dict[str, object] = {}
    if len(call.arguments) > 1:
        query["repo"], query["tag"] = repository_and_tag(call.arguments[1])
    if values.text("message"):
        query["message"] = values.text("message")
    if values.text("platform"):
        query["platform"] = values.text("platform").lower()
    if values.list("change"):
        query["changes"] = values.list("change")
    is_url = source.startswith(("http://", "https://"))
    query["fromSrc"] = source if is_url else "-"
    if is_url:
        answer = cli.client.call("POST", "/images/create", query)
    else:
        fd = STDIN if source == "-" else open_input(source)
        headers = {"Content-Type": "text/plain"}
        answer = cli.client.upload(
            "POST", "/images/create", query, read_pieces(fd), headers
        )
    show_progress(answer.values())
    return 0
