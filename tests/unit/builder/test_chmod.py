"""``--chmod`` in numbers and in letters."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.builder.chmod import fixed_mode, parse_chmod


@pytest.mark.parametrize(
    ("text", "before", "is_folder", "after"),
    [
        ("755", 0o600, False, 0o755),
        ("04711", 0o600, False, 0o4711),
        ("u+x", 0o644, False, 0o744),
        ("+x", 0o644, False, 0o755),
        ("a-w", 0o666, False, 0o444),
        ("go=", 0o777, False, 0o700),
        ("u=rw,go=r", 0o777, False, 0o644),
        ("u=rwX,go=rX", 0o600, True, 0o755),
        ("u=rwX,go=rX", 0o600, False, 0o644),
        ("g=u", 0o740, False, 0o770),
        ("u+s,g+s,o+t", 0o755, False, 0o7755),
        ("u-s", 0o4755, False, 0o755),
    ],
)
def test_changes_modes(text: str, before: int, is_folder: bool, after: int) -> None:
    assert parse_chmod(text)(before, is_folder) == after


@pytest.mark.parametrize("text", ["9", "17777", "u+q", "rwx", "u=rw go=r"])
def test_refuses_what_is_no_mode(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"invalid (chmod parameter|mode)"):
        parse_chmod(text)


def test_only_numbers_count_for_new_folders() -> None:
    assert fixed_mode("0711") == 0o711
    assert fixed_mode("u+x") is None
