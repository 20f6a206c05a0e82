"""A whole build: stages side by side, each as soon as what it needs is there.

A stage waits only for stages before it in the plan's order, and those were given to
workers earlier: so however few workers there are, somebody always gets on. The first
failure ends all of them; what was finished until then stays in the cache.
"""

from collections.abc import Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import replace

from labkit.base.errors import InvalidInputError
from labkit.builder.bench import Bench
from labkit.builder.model import (
    BuildCancelledError,
    Built,
    StepDone,
    StepStarted,
)
from labkit.builder.picture import Picture
from labkit.builder.plan import Plan, make_plan
from labkit.builder.stage import StageBuilder
from labkit.dockerfile.stages import read_dockerfile

MOST_WORKERS = 8
EPOCH = "SOURCE_DATE_EPOCH"


def plan_build(bench: Bench) -> Plan:
    """Read the Dockerfile and decide what is built.

    Raises:
        InvalidInputError: it can't be built as it is written.
    """
    dockerfile = read_dockerfile(bench.input.dockerfile)
    if not dockerfile.stages:
        raise InvalidInputError("no build stage in current context")
    contexts = (*bench.input.contexts, *bench.input.images)
    return make_plan(dockerfile, bench.request, contexts)


def build(bench: Bench, plan: Plan) -> Built:
    """Build an image and give it its names.

    Raises:
        StepError: a command failed.
        InvalidInputError: an instruction can't be carried out.
        BuildCancelledError: somebody stopped it.
    """
    try:
        try:
            bench.open_sources()
            picture = _build_stages(bench, plan)
        finally:
            # Also what a failed build has finished is not done again.
            bench.layers.seal(tuple(bench.made))
            bench.cache.flush()
        return _record(bench, plan, picture)
    finally:
        bench.layers.let_go(tuple(bench.borrowed))


def read_epoch(arguments: Mapping[str, str | None]) -> int | None:
    """Return the moment that everything shall be dated with, if one is given.

    Raises:
        InvalidInputError: it is no number of seconds.
    """
    text = arguments.get(EPOCH)
    if not text:
        return None
    if not text.isdecimal() or len(text) > 12:
        raise InvalidInputError(f"invalid {EPOCH}: {text!r}")
    return int(text)


def _build_stages(bench: Bench, plan: Plan) -> Picture:
    for step in plan.meta:
        bench.tell(StepStarted(step))
        bench.tell(StepDone(step, ""))
    futures: dict[int, Future[Picture]] = {}
    workers = min(MOST_WORKERS, len(plan.stages))
    with ThreadPoolExecutor(workers, "build") as pool:
        try:
            for planned in plan.stages:
                builder = StageBuilder(
                    bench, plan, planned, lambda index: _result(futures[index])
                )
                futures[planned.stage.index] = pool.submit(builder.build)
            done, _ = wait(futures.values(), return_when=FIRST_EXCEPTION)
            failed = next((one for one in done if one.exception()), None)
            if failed is not None:
                bench.stop()
        except BaseException:
            bench.stop()
            raise
    return _outcome(futures, plan)


def _result(future: Future[Picture]) -> Picture:
    """Wait for a stage; its failure is its own to tell."""
    try:
        return future.result()
    except Exception as error:
        raise BuildCancelledError("a stage that is needed failed") from error


def _outcome(futures: Mapping[int, Future[Picture]], plan: Plan) -> Picture:
    errors = [error for one in futures.values() if (error := one.exception())]
    for error in errors:
        if not isinstance(error, BuildCancelledError):
            raise error
    for error in errors:
        raise error
    return futures[plan.target].result()


def _record(bench: Bench, plan: Plan, picture: Picture) -> Built:
    names = bench.request.names
    if picture.base_id:
        image = bench.layers.rename(picture.base_id, names)
    elif not picture.history:
        raise InvalidInputError("No image was generated. Is your Dockerfile empty?")
    else:
        config = replace(picture.whole, author=picture.image.author or None)
        image = bench.layers.record(config, names)
    return Built(image, plan.unused_arguments)
