"""The tree of kinds is the tree in its docstring."""

from pathlib import Path

import pytest

from labkit.base import errors


def test_the_drawing_shows_every_kind() -> None:
    drawn = [
        line.split()[1]
        for line in (errors.__doc__ or "").splitlines()
        if line.lstrip().startswith("+- ")
    ]
    kinds = [
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.LabError)
    ]
    assert drawn == kinds[1:]


def test_the_message_is_what_was_said() -> None:
    assert errors.NotFoundError("no such x: 'a'").message == "no such x: 'a'"


def test_a_reason_is_spelt_as_go_does(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="directory") as caught:
        tmp_path.read_bytes()
    assert errors.os_reason(caught.value) == "is a directory"
    assert errors.os_reason(OSError("plain")) == "plain"
