"""``info``, ``version`` and ``system df``, field by field, at both engines."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.contract.api.world import PREFIX, container
from tests.contract.differences import INFO, VERSION, differing, without
from tests.engines import TEST_IMAGE, Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

Both = tuple[Engine, Engine]
VOLUME = f"{PREFIX}measured"


def _seen(engine: Engine, path: str) -> Any:
    status, answer = engine.json("GET", f"/v1.41{path}")
    assert status == 200, answer
    return answer


@pytest.mark.parametrize(
    ("path", "known"), [("/info", INFO), ("/version", VERSION)], ids=["info", "version"]
)
def test_says_the_same_of_the_machine(
    both: Both, path: str, known: dict[str, str]
) -> None:
    ours, theirs = (_seen(engine, path) for engine in both)
    assert differing(without(ours, known), without(theirs, known)) == []


@pytest.mark.parametrize(
    ("path", "known"), [("/info", INFO), ("/version", VERSION)], ids=["info", "version"]
)
def test_what_differs_has_the_same_shape(
    both: Both, path: str, known: dict[str, str]
) -> None:
    ours, theirs = (_seen(engine, path) for engine in both)
    assert set(theirs) - {"KernelMemory", "KernelMemoryTCP"} <= set(ours)
    for name in {*ours} & {*theirs} & {*known} - {"Warnings"}:
        assert isinstance(ours[name], type(theirs[name])), name


def test_the_components_have_the_engine_first(both: Both) -> None:
    ours, theirs = (_seen(engine, "/version")["Components"][0] for engine in both)
    assert ours["Name"] == theirs["Name"] == "Engine"
    assert set(ours["Details"]) == set(theirs["Details"])


@contextmanager
def _measured(engine: Engine) -> Iterator[dict[str, Any]]:
    """Make a container that has written and mounts a volume; ask what all takes."""
    write = ["sh", "-c", "echo 12345 > /file; echo 123 > /data/file"]
    host = {"Binds": [f"{VOLUME}:/data"]}
    with container(engine, "measured", Cmd=write, HostConfig=host) as made:
        engine.request("POST", f"/v1.41/containers/{made}/wait")
        yield _seen(engine, "/system/df")
    engine.request("DELETE", f"/v1.41/volumes/{VOLUME}")


def test_measures_the_same(both: Both) -> None:
    found = []
    for engine in both:
        with _measured(engine) as usage:
            found.append(_rows(usage))
    (ours, our_keys), (theirs, their_keys) = found
    assert ours == theirs
    for kind, keys in their_keys.items():
        assert keys <= our_keys[kind], kind


def _rows(usage: dict[str, Any]) -> tuple[dict[str, Any], dict[str, set[str]]]:
    """Return what is measured of our things, and which fields there are."""
    image = next(
        one for one in usage["Images"] if TEST_IMAGE in (one["RepoTags"] or ())
    )
    row = next(
        one for one in usage["Containers"] if one["Names"] == [f"/{PREFIX}measured"]
    )
    volume = next(one for one in usage["Volumes"] if one["Name"] == VOLUME)
    measured = {
        "image": image["Size"],
        "written": row["SizeRw"],
        "whole": row["SizeRootFs"],
        "volume": volume["UsageData"],
    }
    fields = {
        "all": set(usage),
        "image": set(image),
        "container": set(row),
        "volume": set(volume),
    }
    return measured, fields
