"""Signals by name or number, as ``docker kill -s`` takes them."""

import signal

from labkit.base.errors import InvalidInputError

_NAMES = {
    **{item.name: int(item) for item in signal.Signals},
    "SIGIOT": 6,
    "SIGPOLL": 29,
    "SIGSTKFLT": 16,
}
_LAST = 64


def parse_signal(text: str) -> int:
    """Return the number of ``9``, ``KILL``, ``SIGKILL`` or ``RTMIN+3``.

    Raises:
        InvalidInputError: there is no such signal.
    """
    if text.isdecimal():
        number = int(text)
        if 0 < number <= _LAST:
            return number
        raise InvalidInputError(f"Invalid signal: {text}")
    name = text.upper()
    name = name if name.startswith("SIG") else f"SIG{name}"
    base, sign, offset = name.partition("+")
    if not sign:
        base, sign, offset = name.partition("-")
    number = _NAMES.get(base, 0)
    if sign:
        known = offset.isdecimal() and base in ("SIGRTMIN", "SIGRTMAX")
        step = int(offset) if known else _LAST
        number += step if sign == "+" else -step
        known = known and signal.SIGRTMIN <= number <= signal.SIGRTMAX
        number = number if known else 0
    if not number:
        raise InvalidInputError(f"Invalid signal: {text}")
    return number
