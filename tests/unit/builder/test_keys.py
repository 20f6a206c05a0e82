"""Keys: the same words, the same key; no other list has it."""

from labkit.builder.keys import digest_of


def test_tells_lists_of_words_apart() -> None:
    keys = {
        digest_of(),
        digest_of(""),
        digest_of("ab"),
        digest_of("a", "b"),
        digest_of("b", "a"),
        digest_of("a", "b", ""),
    }
    assert len(keys) == 6
    assert digest_of("a", b"b") == digest_of(b"a", "b")


def test_takes_names_that_are_no_text() -> None:
    assert digest_of("\udcff") == digest_of(b"\xff")
