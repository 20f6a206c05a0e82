"""Images as inspect, the list and load show them."""

from typing import Any

from labkit.api.present.images import (
    describe_history,
    describe_image,
    describe_load,
    describe_removal,
    describe_summary,
)
from labkit.api.versions import NEWEST, ApiVersion
from labkit.base.digest import Digest
from labkit.base.reference import parse_reference
from labkit.engine.images.list import ImageSummary
from labkit.engine.images.remove import Removed
from labkit.images.model import HistoryLine, ImageLoaded, LayerLoading, NameMoved
from tests.unit.api.present.records import MIDNIGHT, make_image

DIGEST = Digest("sha256:" + "d" * 64)


def test_fields_come_and_go_by_version() -> None:
    image = make_image("busybox", cmd=("sh",), entrypoint=())
    new = describe_image(image, NEWEST)
    assert (new["Config"]["Cmd"], new["Config"]["Entrypoint"]) == (["sh"], [])
    assert {"VirtualSize", "ContainerConfig"}.isdisjoint(new)
    assert {"VirtualSize", "ContainerConfig"} <= set(
        describe_image(image, ApiVersion(1, 41))
    )


def test_a_nameless_one_by_version() -> None:
    summary = ImageSummary(make_image(), 2)
    assert describe_summary(summary, NEWEST)["RepoTags"] == []
    old = describe_summary(summary, ApiVersion(1, 42))
    assert old["RepoTags"] == ["<none>:<none>"]
    assert old["RepoDigests"] == ["<none>@<none>"]
    assert old["Containers"] == -1


def test_history_and_removal() -> None:
    line = HistoryLine(None, MIDNIGHT, "RUN x", "", 5, ())
    body = describe_history(line)
    assert (body["Id"], body["Tags"], body["CreatedBy"]) == ("<missing>", None, "RUN x")
    assert describe_removal(Removed(untagged="a:1")) == {"Untagged": "a:1"}
    assert describe_removal(Removed(deleted="sha256:x")) == {"Deleted": "sha256:x"}


def test_lines_of_load() -> None:
    image, name = make_image("busybox"), parse_reference("busybox")

    def line(event: Any, quiet: bool = True) -> Any:
        return describe_load(event, quiet)

    named, nameless = ImageLoaded(image, name), ImageLoaded(image, None)
    assert line(named) == {"stream": "Loaded image: busybox:latest\n"}
    assert line(nameless) == {"stream": f"Loaded image ID: {image.id}\n"}
    assert line(NameMoved(name, DIGEST))["stream"].startswith(
        "The image busybox:latest already exists, renaming the old one with ID sha256:d"
    )
    layer = LayerLoading(DIGEST, 5, 10)
    assert line(layer) is None
    body = line(layer, quiet=False)
    assert body["progressDetail"] == {"current": 5, "total": 10}
    assert body["id"] == "d" * 12
