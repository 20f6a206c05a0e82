"""What was probably meant."""

import pytest

from labkit.dockerfile.suggest import nearest, with_suggestion


@pytest.mark.parametrize(
    ("word", "options", "meant"),
    [
        ("RUNN", ["run", "env"], "RUN"),
        ("coppy", ["copy", "cmd"], "copy"),
        ("Frm", ["from"], "from"),
        ("xyz", ["copy"], ""),
        ("run", ["run", "rum"], ""),
        ("entrypiont", ["entrypoint"], "entrypoint"),
    ],
)
def test_suggests_the_nearest_in_the_words_own_case(
    word: str, options: list[str], meant: str
) -> None:
    said = with_suggestion("no", word, options, any_case=True)
    assert said == (f"no (did you mean {meant}?)" if meant else "no")


def test_three_edits_are_too_many() -> None:
    assert nearest("abc", ["xyz"]) == ""
    assert nearest("form", ["from", "for"]) == "for"
    assert nearest("Form", ["form"]) == "form"
