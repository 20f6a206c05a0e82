"""Made-up names."""

import random
import re

from labkit.engine.names import make_name


def test_can_be_said_and_typed() -> None:
    seed = random.Random(1)
    for _ in range(200):
        name = make_name(lambda _: False, seed)
        assert re.fullmatch(r"[a-z]+_[a-z]+", name)


def test_the_same_seed_gives_the_same_name() -> None:
    names = {make_name(lambda _: False, random.Random(7)) for _ in range(3)}
    assert len(names) == 1


def test_finds_a_free_one_when_all_luck_fails() -> None:
    taken = re.compile(r"[a-z]+_[a-z]+\d?")
    name = make_name(lambda text: bool(taken.fullmatch(text)), random.Random(1))
    assert not taken.fullmatch(name)
