"""The published shape of an exercise's file.

``exercises/schema.json`` is generated from these classes (``python -m
labkit.grading.document``), and a test refuses drift between the two.
"""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    create_model,
    field_validator,
    model_validator,
)

from labkit.grading.checks.model import Params
from labkit.grading.checks.table import FAMILIES

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Script = Annotated[str, Field(min_length=1, description="bash; values are variables")]


class Document(BaseModel):
    """A part of the file: closed, so that a slip of the pen is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NameValue(Document):
    """A name for a container, network or volume: the prefix and a word."""

    name: str


class WordValue(Document):
    """A word."""

    word: None


class PortValue(Document):
    """A port of the exercise's own block, which starts at 18000 at the lowest."""

    port: None


class NumberValue(Document):
    """A whole number between two others, both included."""

    number: tuple[int, int]

    @field_validator("number")
    @classmethod
    def _in_order(cls, value: tuple[int, int]) -> tuple[int, int]:
        if value[0] > value[1]:
            raise ValueError(f"{value[0]} is more than {value[1]}: the lower one first")
        return value


class ChoiceValue(Document):
    """One of several texts."""

    choice: tuple[str, ...] = Field(min_length=2)


class PasswordValue(Document):
    """Eight letters and digits."""

    password: None


VALUE_MODELS: dict[str, type[Document]] = {
    "name": NameValue,
    "word": WordValue,
    "port": PortValue,
    "number": NumberValue,
    "choice": ChoiceValue,
    "password": PasswordValue,
}
ValueRecipe = (
    NameValue | WordValue | PortValue | NumberValue | ChoiceValue | PasswordValue
)


class CheckHead(Document):
    """What all checks have; the rest is one word of the vocabulary."""

    id: Id
    title: str = Field(description="the expectation, as the learner reads it")
    points: int = Field(ge=1)
    needs: tuple[Id, ...] = Field((), description="checks that must pass first")


def _check_model(word: str, params: type[Params]) -> type[CheckHead]:
    fields: dict[str, Any] = {word: (params, ...)}
    model: type[CheckHead] = create_model(
        f"{word.capitalize()}Check", __base__=CheckHead, **fields
    )
    return model


CHECK_MODELS: dict[str, type[CheckHead]] = {
    word: _check_model(word, family.params) for word, family in FAMILIES.items()
}


if TYPE_CHECKING:
    AnyCheck = CheckHead
else:  # the union of all families: known when the table is, so built from it
    AnyCheck = Union[tuple(CHECK_MODELS.values())]  # noqa: UP007


class Ladder(Document):
    """Three hints, from a nudge to nearly the answer."""

    when: str | None = Field(None, description="check id, or check id and field")
    tiers: tuple[str, str, str]


class AlsoAttempt(Document):
    """Another right way: full marks."""

    title: str
    run: Script


class WrongAttempt(Document):
    """A wrong way, and the check that must catch it."""

    title: str
    run: Script
    caught_by: Id


class Owns(Document):
    """The names that the exercise makes: what reset removes."""

    containers: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    images: tuple[str, ...] = ()


class Live(Document):
    """A value read from the learner's own world for the debrief."""

    show: Literal["ip", "id", "subnet", "gateway"]
    container: str | None = None
    network: str | None = None

    @model_validator(mode="after")
    def _has_subject(self) -> "Live":
        if not (self.container or self.network):
            raise ValueError("name a `container` or a `network` to look at")
        return self


class ExerciseDocument(Document):
    """One exercise."""

    id: Annotated[str, Field(pattern=r"^c\d\d-e\d+$")]
    title: str
    values: dict[str, ValueRecipe] = Field(default={})
    task: str
    owns: Owns
    setup: Script | None = None
    starter: dict[str, str] = Field(default={}, description="file name: content")
    checks: tuple[AnyCheck, ...] = Field(min_length=1)
    hints: tuple[Ladder, ...] = Field(min_length=1)
    solution: Script
    also: tuple[AlsoAttempt, ...] = Field(min_length=1)
    wrong: tuple[WrongAttempt, ...] = Field(min_length=3)
    live: dict[str, Live] = Field(default={})
    debrief: str
    points: int = Field(ge=5, description="the sum of the checks' points")


def schema() -> dict[str, Any]:
    """Return the JSON schema of an exercise's file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ExerciseDocument.model_json_schema(),
        "title": "labkit exercise",
    }


def schema_text() -> str:
    """Return the schema as it is written to ``exercises/schema.json``."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
