import pytest

from labkit.base.errors import InvalidInputError
from labkit.grading.receipt.roster import read_roster

KEY = "3f2a90c41be7d8556a0c7e91f4b2d03c"


def test_a_line_is_a_key_and_maybe_a_name():
    text = f"# November\n\n{KEY}  Ada Lovelace  # by mail\n{KEY[::-1].upper()}\n"
    assert read_roster(text) == {KEY: "Ada Lovelace", KEY[::-1]: ""}


@pytest.mark.parametrize("line", ["Ada", KEY[1:], f"{KEY}Ada", f"Ada {KEY}"])
def test_another_line_is_named(line):
    with pytest.raises(InvalidInputError, match="line 2 of the keys is"):
        read_roster(f"# keys\n{line}\n")
