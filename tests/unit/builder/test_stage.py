"""One stage: bases, triggers, arguments in their scopes."""

import pytest

from labkit.base.errors import NotFoundError
from labkit.builder.model import BuildRequest, StepDone, StepNote
from tests.unit.builder.workshop import Workshop, history


def test_carries_out_what_the_base_wants_done(shop: Workshop) -> None:
    shop.write("a", "a")
    shop.put_image("trigger", {}, on_build=("COPY a /", "ENV A=1"))
    built = shop.build("FROM trigger", "RUN x")
    assert history(built)[:2] == ["COPY a / # buildkit", "ENV A=1"]
    assert built.image.config.config.on_build == ()
    notes = [one.text for one in shop.events if isinstance(one, StepNote)]
    assert notes == ["# Executing 2 build triggers"]
    assert "A=1" in shop.orders[0].environment


def test_a_trigger_is_carried_out_once(shop: Workshop) -> None:
    built = shop.build("FROM base AS a", "ONBUILD ENV A=1", "FROM a AS b", "FROM b")
    assert built.image.config.config.on_build == ()
    assert history(built).count("ENV A=1") == 1


def test_arguments_are_those_of_their_stage(shop: Workshop) -> None:
    built = shop.build(
        "ARG V=outer",
        "FROM base AS a",
        "ARG V",
        "ENV SEEN=$V",
        "FROM base",
        "ENV UNSEEN=x$V",
        "COPY --from=a /etc/passwd /",
    )
    assert "UNSEEN=x" in built.image.config.config.env
    built = shop.build(
        "ARG V=outer", "FROM base", "ARG V", "ARG W=${V}er", "ENV SEEN=$W"
    )
    assert "SEEN=outerer" in built.image.config.config.env


def test_a_stage_on_a_stage_has_its_arguments(shop: Workshop) -> None:
    built = shop.build("FROM base AS a", "ARG V=1", "FROM a", "ENV SEEN=$V")
    assert "SEEN=1" in built.image.config.config.env


def test_labels_of_the_command_line_are_taken_as_they_are(shop: Workshop) -> None:
    request = BuildRequest(labels={"a": "$HOME 'x'"})
    built = shop.build("FROM base", request=request)
    assert built.image.config.config.labels == {"a": "$HOME 'x'"}


def test_nothing_for_another_machine(shop: Workshop) -> None:
    built = shop.build("FROM --platform=linux/arm64 scratch", "ENV A=1")
    assert built.image.config.architecture == "arm64"


def test_says_which_image_is_not_there(shop: Workshop) -> None:
    with pytest.raises(NotFoundError, match="nosuch"):
        shop.build("FROM nosuch")


def test_begins_with_the_files_of_a_context(shop: Workshop) -> None:
    shop.write("bin/sh", "a shell", 0o755)
    lines = ("FROM more", "ENV A=1", "RUN x")
    built = shop.build(*lines, contexts={"more": shop.context})
    assert shop.files(built) == {"bin/sh": "a shell"}
    assert history(built)[:2] == ["COPY . / # buildkit", "ENV A=1"]
    shop.build(*lines, contexts={"more": shop.context})
    assert shop.cached == [1, 2, 3]
    shop.write("bin/sh", "another")
    shop.build(*lines, contexts={"more": shop.context})
    assert shop.cached == []


def test_what_goes_on_has_a_name_that_the_image_ends_with(shop: Workshop) -> None:
    def names() -> list[str]:
        return [one.image_id for one in shop.events if isinstance(one, StepDone)]

    lines = ("FROM base", *(f"LABEL a{at}=b" for at in range(3)))
    built = shop.build(*lines)
    first = names()
    assert first[0] == shop.layers.images["base:latest"].id.text
    assert first[-1] == built.image.id.text
    assert len(set(first)) == 4
    shop.build(*lines)
    assert names() == first
