"""Variables: what was set last wins, in the order in which names came."""

from collections.abc import Iterator, Mapping

from hypothesis import given
from hypothesis import strategies as st

from labkit.builder.variables import Variables

PAIRS = st.tuples(st.integers(0, 99).map(str), st.text(max_size=2))


@given(st.lists(PAIRS, max_size=200))
def test_are_what_a_dictionary_would_be(pairs: list[tuple[str, str]]) -> None:
    variables, expected = Variables({"0": "first"}), {"0": "first"}
    for name, value in pairs:
        before, had = variables, dict(variables) if len(pairs) < 9 else None
        variables = variables.extended({name: value})
        expected[name] = value
        assert had is None or dict(before) == had
    assert list(variables.items()) == list(expected.items())
    assert len(variables) == len(expected)
    assert all(name in variables for name in expected)
    assert "nobody" not in variables
    assert variables.get("nobody") is None


class _Watched(Mapping[str, str]):
    """Many variables, which say how often they were gone through."""

    walks = 0

    def __getitem__(self, name: str) -> str:
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        self.walks += 1
        return iter(())

    def __len__(self) -> int:
        return 0


def test_those_before_are_not_copied_for_each_new_one() -> None:
    watched = _Watched()
    variables = Variables(watched)
    for number in range(60):
        variables = variables.extended({str(number): ""})
    assert watched.walks == 0
    for number in range(60, 200):
        variables = variables.extended({str(number): ""})
    assert watched.walks == 1
    assert len(variables) == 200
