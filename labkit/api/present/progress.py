"""``[====>    ]  12.3MB/45.6MB``: progress as dockerd draws it for older clients."""

from labkit.base.units import human_size

_WIDTH = 50


def progress_bar(current: int, total: int) -> str:
    """Draw how much of something is done (moby, ``pkg/jsonmessage``)."""
    filled = min(int(current / total * 100) // 2, _WIDTH)
    bar = f"[{'=' * filled}>{' ' * (_WIDTH - filled)}] "
    shown = f"{human_size(current):>8}"
    return f"{bar}{shown}" if current > total else f"{bar}{shown}/{human_size(total)}"
