"""``[====>    ]  12.3MB/45.6MB``: progress as dockerd draws it for older clients."""

_WIDTH = 50
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def progress_bar(current: int, total: int) -> str:
    """Draw how much of something is done (moby, ``pkg/jsonmessage``)."""
    filled = min(int(current / total * 100) // 2, _WIDTH)
    bar = f"[{'=' * filled}>{' ' * (_WIDTH - filled)}] "
    shown = f"{human_size(current):>8}"
    return f"{bar}{shown}" if current > total else f"{bar}{shown}/{human_size(total)}"


def human_size(count: float) -> str:
    """Write a size with four digits, as go-units does."""
    unit = 0
    while count >= 1000 and unit < len(_UNITS) - 1:
        count /= 1000
        unit += 1
    return f"{count:.4g}{_UNITS[unit]}"
