"""Ids, names, prefixes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.engine.index import Index


def make_index() -> Index[int]:
    return Index(lambda ref: f"no such thing: {ref}")


def test_renaming_frees_the_old_name() -> None:
    index = make_index()
    index.put("a1", "old", 1)
    index.put("a1", "new", 2)
    assert index.named("old") is None
    assert index.find("new") == 2


def test_removing_twice_is_fine() -> None:
    index = make_index()
    index.put("a1", "name", 1)
    index.remove("a1")
    index.remove("a1")
    assert index.all() == ()
    with pytest.raises(NotFoundError, match="no such thing: name"):
        index.find("name")


def test_a_name_given_on_is_not_lost_with_its_first_owner() -> None:
    index = make_index()
    index.put("a1", "name", 1)
    index.put("b2", "name", 2)
    index.remove("a1")
    assert index.named("name") == 2


def test_finds_exactly_without_prefixes() -> None:
    index = make_index()
    index.put("data", "data", 1)
    assert index.find_exactly("data") == 1
    with pytest.raises(NotFoundError):
        index.find_exactly("dat")


@given(st.sets(st.text("ab", min_size=6, max_size=6)), st.text("ab", max_size=6))
def test_prefixes_agree_with_looking_at_all(ids: set[str], prefix: str) -> None:
    index: Index[str] = make_index()  # type: ignore[assignment]
    for record_id in ids:
        index.put(record_id, f"name-{record_id}", record_id)
    matches = [item for item in ids if prefix and item.startswith(prefix)]
    if len(matches) == 1:
        assert index.find(prefix) == matches[0]
    else:
        with pytest.raises(InvalidInputError if matches else NotFoundError):
            index.find(prefix)
