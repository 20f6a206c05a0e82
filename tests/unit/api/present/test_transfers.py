"""Pull and push, line by line."""

from typing import Any

import pytest

from labkit.api.present.transfers import (
    describe_distribution,
    describe_transfer,
    push_begins,
)
from labkit.base.digest import Digest
from labkit.base.reference import parse_bare_reference, parse_reference
from labkit.images.hub import Distribution
from labkit.images.registry.model import Document
from labkit.images.transfer import (
    LayerStep,
    PullBegun,
    PullDone,
    PullEvent,
    PullWarning,
    PushEnded,
    Stage,
)
from labkit.spec.image import Platform

LAYER = Digest("sha256:" + "ab" * 32)
APP = parse_reference("lab:5000/team/app:1")
NO_DETAIL: dict[str, Any] = {"progressDetail": {}, "id": "abababababab"}


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (PullBegun(APP), {"status": "Pulling from team/app", "id": "1"}),
        (
            PullBegun(parse_reference(f"app@{LAYER}")),
            {
                "status": "Pulling from library/app",
                "id": f"docker.io/library/app@{LAYER}",
            },
        ),
        (LayerStep(LAYER, Stage.FOUND), {"status": "Pulling fs layer", **NO_DETAIL}),
        (
            LayerStep(LAYER, Stage.DOWNLOADING, 110, 110),
            {
                "status": "Downloading",
                "progressDetail": {"current": 110, "total": 110},
                "progress": f"[{'=' * 50}>]     110B/110B",
                "id": "abababababab",
            },
        ),
        (
            LayerStep(LAYER, Stage.RETRYING, 1),
            {"status": "Retrying in 1 second", **NO_DETAIL},
        ),
        (
            LayerStep(LAYER, Stage.RETRYING, 4),
            {"status": "Retrying in 4 seconds", **NO_DETAIL},
        ),
        (
            LayerStep(LAYER, Stage.MOUNTED, where="reg/bb"),
            {"status": "Mounted from reg/bb", **NO_DETAIL},
        ),
        (
            PullDone(APP, is_new=True),
            {"status": "Status: Downloaded newer image for lab:5000/team/app:1"},
        ),
        (
            PullDone(parse_bare_reference("app"), is_new=False),
            {"status": "Status: Image is up to date for app"},
        ),
        (
            PullWarning(APP, "linux/arm64", "linux/amd64"),
            {
                "status": "WARNING: image with reference lab:5000/team/app:1 was found "
                "but does not match the specified platform: wanted linux/arm64, "
                "actual: linux/amd64"
            },
        ),
    ],
)
def test_each_event_is_a_line(event: PullEvent, line: dict[str, Any]) -> None:
    assert describe_transfer(event) == [line]


def test_a_push_ends_with_what_machines_read() -> None:
    size = 527
    shown, aux = describe_transfer(PushEnded(APP, LAYER, size))
    assert shown == {"status": f"1: digest: {LAYER} size: 527"}
    assert aux == {
        "progressDetail": {},
        "aux": {"Tag": "1", "Digest": LAYER.text, "Size": 527},
    }
    assert push_begins(parse_reference("app")) == {
        "status": "The push refers to repository [docker.io/library/app]"
    }


def test_spells_platforms() -> None:
    platforms = (Platform("amd64", "linux"), Platform("arm64", "linux", "v8"))
    document = Document(LAYER, "kind", b"12345")
    assert describe_distribution(Distribution(document, "kind", platforms)) == {
        "Descriptor": {"mediaType": "kind", "digest": LAYER.text, "size": 5},
        "Platforms": [
            {"architecture": "amd64", "os": "linux"},
            {"architecture": "arm64", "os": "linux", "variant": "v8"},
        ],
    }
