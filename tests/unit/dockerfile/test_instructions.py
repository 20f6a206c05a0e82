"""Instructions know where they come from, and can't be changed."""

from dataclasses import FrozenInstanceError

import pytest

from labkit.dockerfile.errors import Lines
from labkit.dockerfile.instructions import Copy, Instruction, User
from labkit.dockerfile.node import Node

NODE = Node("user", "user a", Lines(3, 4))


def test_an_instruction_has_its_name_and_lines() -> None:
    user = User(NODE, "a")
    assert isinstance(user, Instruction)
    assert (user.name, user.lines) == ("USER", Lines(3, 4))


def test_an_instruction_is_a_value() -> None:
    assert User(NODE, "a") == User(NODE, "a")
    with pytest.raises(FrozenInstanceError):
        User(NODE, "a").user = "b"  # type: ignore[misc]
    assert Copy(NODE, ("a",), (), "/b").from_ == ""
