"""Every Dockerfile of the corpus, on our engine and on a real dockerd.

All are built first, several at a time; then each is a test of its own. What differs on
purpose is in ``corpus_differences``, by name and with its reason.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from tests.contract.build.corpus import (
    TRIGGER,
    Case,
    Outcome,
    build_case,
    build_text,
    read_cases,
)
from tests.contract.build.corpus_differences import (
    ANYWHERE,
    CONFIG,
    ERRORS,
    HISTORY,
    LAYERS,
    STATUS,
    modern,
)
from tests.engines import TEST_IMAGE, Engine, OurEngine

pytestmark = [pytest.mark.root, pytest.mark.slow]

CASES = tuple(read_cases())
_TRIGGERS = "FROM {}\nONBUILD RUN echo triggered > /triggered\nONBUILD COPY a.txt /\n"
_WORKERS = 3


class Corpus:
    """Builds all cases on an engine, when the first is asked for."""

    def __init__(self, engine: Engine, classic: bool) -> None:
        self._engine = engine
        self._classic = classic
        self._pool = ThreadPoolExecutor(_WORKERS)
        self._guard = threading.Lock()
        self._futures: dict[str, Future[Outcome]] = {}

    def outcome(self, case: Case) -> Outcome:
        with self._guard:
            if not self._futures:
                text = _TRIGGERS.format(TEST_IMAGE)
                build_text(self._engine, text, f"t={TRIGGER}")
                for one in CASES:
                    if not (self._classic and one.needs_buildkit):
                        work = self._pool.submit(build_case, self._engine, one)
                        self._futures[one.name] = work
        return self._futures[case.name].result(100)

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        done = [one for one in self._futures.values() if not one.cancelled()]
        made = {one.result().image_id for one in done if not one.exception()}
        for image_id in filter(None, made):
            # Not before all are done: two builds may have steps in common.
            self._engine.request("DELETE", f"/images/{image_id}?force=1")
        self._engine.request("DELETE", f"/images/{TRIGGER}")


@pytest.fixture(scope="session")
def ours(lab_engine: OurEngine) -> Iterator[Corpus]:
    corpus = Corpus(lab_engine, classic=False)
    yield corpus
    corpus.close()


@pytest.fixture(scope="session")
def theirs(real_dockerd: Engine) -> Iterator[Corpus]:
    corpus = Corpus(real_dockerd, classic=True)
    yield corpus
    corpus.close()


def test_the_corpus_is_large_and_its_names_are_its_own() -> None:
    assert len(CASES) >= 150
    assert len({case.name for case in CASES}) == len(CASES)
    named = {*CONFIG, *ERRORS, *HISTORY, *LAYERS, *STATUS}
    assert named <= {case.name for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_builds_or_says_why_not(case: Case, ours: Corpus) -> None:
    outcome = ours.outcome(case)
    assert bool(outcome.error) is case.fails, outcome.error


@pytest.mark.dockerd
@pytest.mark.parametrize(
    "case",
    [case for case in CASES if not case.needs_buildkit],
    ids=lambda case: case.name,
)
def test_gives_what_a_dockerd_gives(case: Case, ours: Corpus, theirs: Corpus) -> None:
    theirs.outcome(case)  # both begin before either is waited for
    mine, other = ours.outcome(case), theirs.outcome(case)
    if case.name not in STATUS:
        assert (mine.status, mine.code) == (other.status, other.code), other.error
    if case.name not in ERRORS:
        assert mine.error == modern(other.error)
    if case.name not in CONFIG:
        assert _compared(mine.config) == _compared(other.config)
    if case.name not in LAYERS:
        assert mine.layers == other.layers
    if case.name not in HISTORY:
        assert mine.empty == other.empty


def _compared(config: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in config.items() if name not in ANYWHERE}
