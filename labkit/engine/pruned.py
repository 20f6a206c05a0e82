"""What a prune did."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pruned:
    """Ids or names of what is gone, and the bytes that came free."""

    deleted: tuple[str, ...]
    space: int = 0
