"""labkit.images.locks: one at a time for a key, side by side for two."""

import threading

from labkit.images.locks import KeyedLocks


def test_holds_two_keys_side_by_side() -> None:
    locks = KeyedLocks()
    with locks.hold("a"), locks.hold("b"):
        assert len(locks._entries) == 2
    assert locks._entries == {}


def test_lets_one_in_at_a_time() -> None:
    locks = KeyedLocks()
    inside: list[int] = []
    most: list[int] = []

    def work() -> None:
        for _ in range(50):
            with locks.hold("key"):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    assert locks._entries == {}
