"""``docker events``."""

from __future__ import annotations

import time

from labkit.docker_cli.arguments import NONE
from labkit.docker_cli.client import filters_query
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.json_text import compact
from labkit.docker_cli.timestamps import moment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.json_text import Json

ARGUMENTS = NONE
_BAD_TEMPLATE = 64
_TYPE = "events.Message"


def run(cli: Cli, call: Call) -> int:
    """Print what happens in the engine, as it happens."""
    values = call.values
    show = _formatter(values.text("format"))
    query: dict[str, object] = {}
    for flag in ("since", "until"):
        if values.text(flag):
            query[flag] = moment(values.text(flag))
    query |= filters_query(values.list("filter"))
    answer = cli.client.call("GET", "/events", query)
    for event in answer.values():
        cli.line(show(event))
        cli.flush()
    return 0


def _formatter(layout: str) -> Callable[[Json], str]:
    if not layout:
        return _line
    if layout == "json":
        return compact
    # Late: for a format of the user's own alone.
    from labkit.docker_cli.template.whole import fill

    blank = {"status": "", "id": "", "from": "", "Type": "", "Action": "", "scope": ""}
    actor = {"ID": "", "Attributes": {}}
    whole = {**blank, "Actor": actor, "time": 0, "timeNano": 0}
    try:
        fill(layout, _capitalised(whole), f"*{_TYPE}")
    except CliError as error:
        reason = str(error).removeprefix("template parsing error: ")
        raise CliError(f"Error parsing format: {reason}", _BAD_TEMPLATE) from None
    return lambda event: fill(layout, _capitalised({**whole, **event}), _TYPE)


def _capitalised(event: Json) -> Json:
    """Return an event with Go's names of its fields."""
    names = {"status": "Status", "id": "ID", "from": "From", "scope": "Scope"}
    names |= {"time": "Time", "timeNano": "TimeNano"}
    return {names.get(key, key): value for key, value in event.items()}


def _line(event: Json) -> str:
    nanoseconds = event.get("timeNano") or event.get("time", 0) * 10**9
    seconds, rest = divmod(nanoseconds, 10**9)
    day = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(seconds))
    zone = time.strftime("%z", time.localtime(seconds))
    zone = "Z" if zone == "+0000" else f"{zone[:3]}:{zone[3:]}"
    actor = event["Actor"]
    line = f"{day}.{rest:09d}{zone} {event['Type']} {event['Action']} {actor['ID']}"
    attributes = actor.get("Attributes") or {}
    told = ", ".join(f"{name}={attributes[name]}" for name in sorted(attributes))
    return f"{line} ({told})" if told else line
