"""HEALTHCHECK: a command and how often to ask it."""

import re
from collections.abc import Mapping

from labkit.base.go_text import go_quote
from labkit.base.units import parse_duration
from labkit.dockerfile.errors import Fault
from labkit.dockerfile.flags import Flags, Kind
from labkit.spec.image import Healthcheck

HEALTH_FLAGS: Mapping[str, Kind] = {
    "interval": Kind.TEXT,
    "timeout": Kind.TEXT,
    "start-period": Kind.TEXT,
    "start-interval": Kind.TEXT,
    "retries": Kind.TEXT,
}
_SHORTEST_NS = 1_000_000


def parse_health(words: tuple[str, ...], is_json: bool, flags: Flags) -> Healthcheck:
    """Read a health check from its arguments.

    Raises:
        Fault: it is neither NONE nor CMD, has no command, or a time is none.
    """
    kind, command = words[0].upper(), words[1:]
    if kind == "NONE":
        if command:
            raise Fault("HEALTHCHECK NONE takes no arguments")
        return Healthcheck(("NONE",))
    if kind != "CMD":
        raise Fault(f"Unknown type {go_quote(kind)} in HEALTHCHECK (try CMD)")
    if not command:
        raise Fault("Missing command after HEALTHCHECK CMD")
    return Healthcheck(
        test=("CMD" if is_json else "CMD-SHELL", *command),
        interval=_interval(flags, "interval"),
        timeout=_interval(flags, "timeout"),
        start_period=_interval(flags, "start-period"),
        start_interval=_interval(flags, "start-interval"),
        retries=_retries(flags.text("retries")),
    )


def _interval(flags: Flags, name: str) -> int:
    text = flags.text(name)
    if not text:
        return 0
    try:
        duration = parse_duration(text)
    except ValueError as error:
        raise Fault(str(error)) from error
    if duration and duration < _SHORTEST_NS:
        raise Fault(f'Interval "{name}" cannot be less than 1ms')
    return duration


def _retries(text: str) -> int:
    if not text:
        return 0
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise Fault(f'strconv.ParseInt: parsing "{text}": invalid syntax')
    if len(text) > 11 or not -(1 << 31) <= int(text) < 1 << 31:
        raise Fault(f'strconv.ParseInt: parsing "{text}": value out of range')
    if int(text) < 0:
        raise Fault(f"--retries cannot be negative ({text})")
    return int(text)
