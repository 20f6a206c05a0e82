"""Whole builds: stages that need one another, failures, and what is kept of them."""

import threading

import pytest

from labkit.base.errors import InvalidInputError
from labkit.base.reference import parse_reference
from labkit.builder.execute import read_epoch
from labkit.builder.model import (
    BuildRequest,
    Event,
    StageDone,
    StepDone,
    StepError,
    StepFailed,
    StepRuns,
    StepStarted,
)
from tests.unit.builder.workshop import Ran, Workshop, history


def _make(ran: Ran) -> int:
    (ran.upper / "made").write_text("made")
    ran.out("stdout", b"making\n")
    return 0


def test_builds_and_names_an_image(shop: Workshop) -> None:
    shop.commands["make"] = _make
    shop.write("a.txt", "a")
    name = parse_reference("app:1")
    built = shop.build(
        "FROM base",
        "COPY a.txt /x/",
        "RUN make",
        'CMD ["a", "b"]',
        request=BuildRequest(names=(name,)),
    )
    files = shop.files(built)
    assert (files["x/a.txt"], files["made"]) == ("a", "made")
    assert built.image.config.config.cmd == ("a", "b")
    assert shop.layers.images["app:1"] is built.image
    assert shop.output == "making\n"
    assert history(built) == [
        "COPY a.txt /x/ # buildkit",
        "RUN /bin/sh -c make # buildkit",
        'CMD ["a" "b"]',
    ]
    assert set(shop.layers.sealed) == set(built.image.chain_ids[1:])


def test_done_again_it_is_the_same_image(shop: Workshop) -> None:
    shop.commands["make"] = _make
    lines = ("FROM base", "ENV A=1", "RUN make", "LABEL x=y")
    first = shop.build(*lines)
    assert shop.cached == []
    second = shop.build(*lines)
    assert shop.cached == [2, 3, 4]
    assert second.image.id == first.image.id
    assert len(shop.orders) == 1


def test_no_cache_does_all_again(shop: Workshop) -> None:
    shop.commands["make"] = _make
    shop.build("FROM base", "RUN make")
    shop.build("FROM base", "RUN make", request=BuildRequest(no_cache=True))
    assert (shop.cached, len(shop.orders)) == ([], 2)


def test_one_stage_may_be_done_again(shop: Workshop) -> None:
    shop.commands["make"] = _make
    lines = ("FROM base AS one", "LABEL a=b", "RUN make", "FROM one AS Two", "RUN make")
    shop.build(*lines)
    again = BuildRequest(no_cache_stages=frozenset({"two"}))
    shop.build(*lines, request=again)
    assert (shop.cached, len(shop.orders)) == ([2, 3], 3)


def test_a_label_before_a_command_does_not_make_it_run_again(shop: Workshop) -> None:
    shop.commands["make"] = _make
    shop.build("FROM base", "LABEL a=1", "RUN make")
    shop.build("FROM base", "LABEL a=2", "RUN make")
    assert shop.cached == [3]


def test_a_variable_before_a_command_does(shop: Workshop) -> None:
    shop.build("FROM base", "ENV A=1", "RUN make")
    shop.build("FROM base", "ENV A=2", "RUN make")
    assert (shop.cached, len(shop.orders)) == ([], 2)


def test_a_step_begins_when_what_it_needs_is_there(shop: Workshop) -> None:
    others = threading.Event()

    def make(ran: Ran) -> int:
        assert others.wait(5)
        return _make(ran)

    class Heard(list[Event]):
        def append(self, event: Event) -> None:
            super().append(event)
            if isinstance(event, StepDone) and event.step.text == "FROM base AS c":
                others.set()

    shop.events = Heard()
    shop.commands["make"] = make
    shop.build(
        *("FROM base AS a", "RUN make", "FROM base AS b", "COPY --from=a made /"),
        *("FROM base AS c", "COPY --from=b made /", "RUN --mount=from=a,target=/a x"),
    )
    for needed, needing in (
        ("RUN make", "COPY --from=a made /"),
        ("COPY --from=a made /", "COPY --from=b made /"),
    ):
        done = _place(shop, StepDone, needed)
        assert done < _place(shop, StepStarted, needing)


def _place(shop: Workshop, kind: type[StepDone | StepStarted], text: str) -> int:
    (found,) = (
        place
        for place, one in enumerate(shop.events)
        if isinstance(one, kind) and one.step.text == text
    )
    return found


def test_a_failing_command_ends_the_build_with_its_code(shop: Workshop) -> None:
    shop.commands["bad"] = lambda _: 7
    with pytest.raises(StepError, match="returned a non-zero code: 7") as caught:
        shop.build("FROM base", "RUN bad", "RUN never")
    assert caught.value.code == 7
    assert "The command '/bin/sh -c bad'" in caught.value.message
    assert len(shop.orders) == 1
    assert list((shop.root / "work").iterdir()) == []


def test_what_was_done_before_a_failure_is_not_done_again(shop: Workshop) -> None:
    shop.commands |= {"bad": lambda _: 1, "make": _make}
    for _ in range(2):
        with pytest.raises(StepError):
            shop.build("FROM base", "RUN make", "RUN bad")
    assert shop.cached == [2]


def test_builds_only_what_the_target_needs(shop: Workshop) -> None:
    lines = (
        "FROM base AS one",
        "RUN one",
        "FROM base AS two",
        "RUN two",
        "FROM one AS three",
        "RUN three",
    )
    shop.build(*lines)
    assert [order.args[-1] for order in shop.orders] == ["one", "three"]
    shop.orders.clear()
    shop.build(*lines, request=BuildRequest(target="two"))
    assert [order.args[-1] for order in shop.orders] == ["two"]


def test_copies_from_a_stage(shop: Workshop) -> None:
    shop.commands["make"] = _make
    built = shop.build(
        "FROM base AS builder",
        "RUN make",
        "FROM scratch",
        "COPY --from=builder /made /bin/made",
    )
    assert shop.files(built) == {"bin/made": "made"}
    assert built.image.config.config.working_dir == "/"


def test_a_failure_in_one_stage_ends_the_others(shop: Workshop) -> None:
    shop.commands["bad"] = lambda _: 3
    with pytest.raises(StepError):
        shop.build(
            "FROM base AS a",
            "RUN bad",
            "FROM scratch",
            "COPY --from=a /x /",
        )
    assert shop.stopped == 1


def test_says_which_arguments_nobody_wanted(shop: Workshop) -> None:
    request = BuildRequest(arguments={"USED": "1", "LOST": "2", "HTTP_PROXY": "p"})
    built = shop.build("FROM base", "ARG USED", "RUN x", request=request)
    assert built.unused_arguments == ("LOST",)


def test_a_from_alone_is_the_base_itself(shop: Workshop) -> None:
    base = shop.layers.images["base:latest"]
    assert shop.build("FROM base").image.id == base.id


def test_nothing_on_nothing_is_no_image(shop: Workshop) -> None:
    with pytest.raises(InvalidInputError, match="No image was generated"):
        shop.build("FROM scratch")


def test_tells_each_step_and_stage(shop: Workshop) -> None:
    built = shop.build("ARG V=base", "FROM $V", "RUN x")
    done = [one.step.number for one in shop.events if isinstance(one, StepDone)]
    assert done == [1, 2, 3]
    last = shop.events[-1]
    assert isinstance(last, StageDone)
    assert last.image_id == built.image.id.text
    assert sum(isinstance(one, StepRuns) for one in shop.events) == 1


def test_tells_which_step_cannot_be_done(shop: Workshop) -> None:
    with pytest.raises(InvalidInputError, match="COPY failed"):
        shop.build("FROM base", "COPY nosuch /")
    failed = next(one for one in shop.events if isinstance(one, StepFailed))
    assert failed.step.number == 2


def test_an_epoch_dates_everything(shop: Workshop) -> None:
    shop.commands["make"] = _make
    request = BuildRequest(arguments={"SOURCE_DATE_EPOCH": "1000"}, no_cache=True)
    first = shop.build("FROM base", "RUN make", "ENV A=1", request=request)
    second = shop.build("FROM base", "RUN make", "ENV A=1", request=request)
    assert first.image.id == second.image.id
    assert first.image.config.created == "1970-01-01T00:16:40Z"
    assert (shop.top(first) / "made").stat().st_mtime == 1000


def test_refuses_an_epoch_that_is_none() -> None:
    assert read_epoch({}) is None
    with pytest.raises(InvalidInputError, match="invalid SOURCE_DATE_EPOCH"):
        read_epoch({"SOURCE_DATE_EPOCH": "yesterday"})


def test_layers_are_kept_while_they_are_built_on(shop: Workshop) -> None:
    def bad(ran: Ran) -> int:
        base = shop.layers.images["base:latest"].chain_ids[-1]
        counts.append(shop.layers.kept.count(base))
        return 1

    counts: list[int] = []
    shop.commands |= {"make": _make, "bad": bad}
    before = len(shop.layers.kept)
    with pytest.raises(StepError):
        shop.build("FROM base", "RUN make", "RUN bad")
    shop.build("FROM base", "RUN make")
    assert counts == [2]  # the image's own, and the build's
    assert len(shop.layers.kept) == before + 1  # what the cache has, and no more
