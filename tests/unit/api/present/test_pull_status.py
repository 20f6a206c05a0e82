"""What ``docker build`` draws of an image on its way."""

from labkit.api.present.pull_status import PullStatus
from labkit.base.digest import Digest
from labkit.base.reference import parse_reference
from labkit.images.transfer import LayerStep, PullBegun, PullDone, Stage

LAYER = Digest.of(b"layer")
NAME = parse_reference("app:1")


def test_a_layer_comes_and_is_unpacked() -> None:
    status = PullStatus()
    told = []
    for now, event in enumerate(
        (
            LayerStep(LAYER, Stage.FOUND),
            LayerStep(LAYER, Stage.DOWNLOADING, 5, 10),
            LayerStep(LAYER, Stage.VERIFYING),
            LayerStep(LAYER, Stage.DOWNLOADED),
            LayerStep(LAYER, Stage.EXTRACTING, 10, 10),
            LayerStep(LAYER, Stage.PULLED),
        )
    ):
        told += status.describe("v", event, f"{now}")
    assert told == [
        {
            **{"id": LAYER.text, "vertex": "v", "current": 5, "total": 10},
            **{"timestamp": "1", "started": "1"},
        },
        {
            **{"id": LAYER.text, "vertex": "v", "current": 10, "total": 10},
            **{"timestamp": "3", "started": "1", "completed": "3"},
        },
        {
            **{"id": f"extracting {LAYER}", "vertex": "v", "current": 10},
            **{"total": 10, "timestamp": "4", "started": "4"},
        },
        {
            **{"id": f"extracting {LAYER}", "vertex": "v", "current": 10},
            **{"total": 10, "timestamp": "5", "started": "4", "completed": "5"},
        },
    ]


def test_the_name_is_told_and_the_end_is_not() -> None:
    (found,) = PullStatus().describe("v", PullBegun(NAME), "1")
    assert found["id"] == "resolve docker.io/library/app:1"
    assert found["completed"] == "1"
    assert PullStatus().describe("v", PullDone(NAME, True), "1") == []
