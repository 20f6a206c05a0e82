"""Durations for people: as Go prints them, and in words, as Docker tells ages."""

_SECOND_NS = 1_000_000_000
_HOURS_A_DAY = 24


def go_duration(duration_ns: int) -> str:
    """Return a duration as Go prints it: ``1m30s``, ``1.5s``, ``0s``."""
    if duration_ns == 0:
        return "0s"
    sign, left = ("-", -duration_ns) if duration_ns < 0 else ("", duration_ns)
    for unit, size in (("ns", 1), ("µs", 10**3), ("ms", 10**6)):
        if left < size * 1000:
            return f"{sign}{_decimal(left, size)}{unit}"
    minutes, left = divmod(left, 60 * _SECOND_NS)
    hours, minutes = divmod(minutes, 60)
    text = f"{_decimal(left, _SECOND_NS)}s"
    if minutes or hours:
        text = f"{minutes}m{text}"
    return f"{sign}{hours}h{text}" if hours else sign + text


def _decimal(value: int, unit: int) -> str:
    whole, part = divmod(value, unit)
    digits = str(part).rjust(len(str(unit)) - 1, "0").rstrip("0") if part else ""
    return f"{whole}.{digits}" if digits else str(whole)


def human_duration(duration_ns: int) -> str:
    """Round a duration as people would say it: ``About an hour``, ``3 weeks``.

    It is ``HumanDuration`` of docker/go-units.
    """
    seconds = max(duration_ns, 0) // _SECOND_NS
    if seconds < 1:
        return "Less than a second"
    if seconds < 60:
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    minutes = seconds // 60
    if minutes < 60:
        return "About a minute" if minutes == 1 else f"{minutes} minutes"
    hours = (seconds + 1800) // 3600
    if hours < 48:
        return "About an hour" if hours == 1 else f"{hours} hours"
    return _long(hours, seconds // 3600)


def _long(hours: int, whole_hours: int) -> str:
    days = hours // _HOURS_A_DAY
    if days < 14:
        return f"{days} days"
    if days < 60:
        return f"{days // 7} weeks"
    if days < 730:
        return f"{days // 30} months"
    return f"{whole_hours // _HOURS_A_DAY // 365} years"
