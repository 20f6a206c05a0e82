from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from labkit.grading.slips import first_problem
from labkit.grading.source import parse_source


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")

    names: tuple[str, str] = ("a", "b")
    points: int = 1
    deep: dict[str, str] = {}
    on: bool = True


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("names: a", "2: around.names: expected a list, found 'a'"),
        ("names: [a]", "2: around.names.1: missing"),
        ("names: [a, b, c]", "2: around.names: expected at most 2, found 3"),
        ("points: many", "2: around.points: expected a whole number, found 'many'"),
        ("points: 1.5", "2: around.points: expected a whole number, found 1.5"),
        ("deep: [x]", "2: around.deep: expected a mapping, found a list"),
        ("deep:\n    a: 8", "3: around.deep.a: expected a text, found 8: put it in"),
        ("deep: {a: ~}", "2: around.deep.a: expected a text, found nothing"),
        ("on: [no]", "2: around.on: expected true or false, found a list"),
        ("nmaes: [a]", "2: around.nmaes: unknown key 'nmaes' (did you mean 'names'?)"),
    ],
)
def test_says_what_was_expected_and_found_and_where(text, said):
    source = parse_source(Path("x.yaml"), f"around:\n  {text}\n")
    with pytest.raises(ValidationError) as caught:
        Part.model_validate(source.tree["around"])
    error = first_problem(source, caught.value, Part.model_fields, ("around",))
    assert error.message.startswith(f"x.yaml:{said}")
