"""How long ago, in words: Docker's ``HumanDuration`` (docker/go-units, duration.go)."""

_SECOND_NS = 1_000_000_000
_HOURS_A_DAY = 24


def human_duration(duration_ns: int) -> str:
    """Round a duration as people would say it: ``About an hour``, ``3 weeks``."""
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
