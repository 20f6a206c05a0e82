"""Sizes and times as BuildKit prints them, and its summary of warnings."""

from collections.abc import Sequence

from labkit.docker_cli.buildx.status import Warned

_UNITS = ("B", "kB", "MB", "GB", "TB")


def bytes_text(size: float) -> str:
    """Return ``1.23MB``; a kB is 1000 bytes."""
    power = 0
    while size >= 1000 and power < len(_UNITS) - 1:
        size /= 1000
        power += 1
    return f"{size:.0f}B" if power == 0 else f"{size:.2f}{_UNITS[power]}"


def seconds_text(seconds: float) -> str:
    """Return ``0.3s``."""
    return f"{max(seconds, 0.0):.1f}s"


def warnings_text(warnings: Sequence[Warned], debug: bool) -> str:
    """Return what is printed of warnings at the end; nothing for none."""
    if not warnings:
        return ""
    plural = "s" if len(warnings) > 1 else ""
    hint = "" if debug else " (use docker --debug to expand)"
    rows = [f"\n {len(warnings)} warning{plural} found{hint}:"]
    for warning in warnings:
        if not debug:
            rows.append(f" - {warning.short}")
            continue
        rows.append(f" - {warning.short}")
        rows += [*warning.detail]
        rows += [f"More info: {warning.url}"] if warning.url else []
        rows += [warning.source.excerpt(), ""] if warning.source else []
    return "\n".join(rows) + "\n"
