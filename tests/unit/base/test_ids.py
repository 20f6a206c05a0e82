"""Ids are what Docker's clients expect of them."""

from labkit.base.ids import is_full_id, new_id, short_id


def test_new_ids_are_full_and_differ() -> None:
    ids = {new_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(is_full_id(each) for each in ids)


def test_no_short_id_reads_as_a_number() -> None:
    assert not any(short_id(new_id()).isdecimal() for _ in range(2000))


def test_short_id_drops_the_algorithm() -> None:
    assert short_id("sha256:" + "ab" * 32) == "abababababab"


def test_other_texts_are_no_ids() -> None:
    assert not is_full_id("ab" * 31)
    assert not is_full_id("AB" * 32)
