"""What a prune says."""

from labkit.engine.pruned import Pruned


def test_nothing_came_free_unless_said() -> None:
    assert Pruned(("a",)).space == 0
