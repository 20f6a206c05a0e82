"""The engine as version, info and df show it."""

from labkit.api.present.system import describe_info, describe_usage, describe_version
from labkit.api.versions import NEWEST, ApiVersion
from labkit.engine.containers.list import ContainerSummary
from labkit.engine.images.list import ImageSummary
from labkit.engine.model import Volume
from labkit.engine.system.disk_usage import DiskUsage, ImageUsage, VolumeUsage
from labkit.engine.system.info import EngineInfo
from labkit.engine.system.version import EngineVersion
from tests.unit.api.present.records import MIDNIGHT, make_container, make_image

INFO = EngineInfo(
    id="abc123",
    name="host",
    data_root="/data",
    containers_running=1,
    containers_paused=2,
    containers_stopped=3,
    images=4,
    cpus=2,
    memory_bytes=5,
    kernel_version="6.1",
    operating_system="Debian",
    os_version="12",
    machine="x86_64",
    cgroup_version=1,
)


def test_version_repeats_itself_as_a_component() -> None:
    body = describe_version(EngineVersion("0.1", "linux", "amd64", "6.1", "3.11"))
    (component,) = body["Components"]
    assert (component["Name"], component["Version"]) == ("Engine", body["Version"])
    assert component["Details"]["ApiVersion"] == body["ApiVersion"] == "1.47"


def test_info_counts() -> None:
    body = describe_info(INFO, MIDNIGHT)
    assert (body["Containers"], body["ContainersStopped"]) == (6, 3)
    assert body["SystemTime"] == "2026-01-02T00:00:00Z"
    assert body["CgroupVersion"] == "1"


def test_usage_lists_everything() -> None:
    usage = DiskUsage(
        (ImageUsage(ImageSummary(make_image("busybox"), 1), 17),),
        (ContainerSummary(make_container(), "busybox", "sleep 9", size_rw=7),),
        (VolumeUsage(Volume("data", 0, "/v"), 5, 1),),
        1234,
    )
    body = describe_usage(usage, MIDNIGHT, NEWEST)
    assert body["LayersSize"] == 1234
    assert body["Images"][0]["SharedSize"] == 17
    assert body["Images"][0]["Containers"] == 1
    assert body["Containers"][0]["SizeRw"] == 7
    assert body["Volumes"][0]["UsageData"] == {"RefCount": 1, "Size": 5}


def test_what_was_not_asked_for_is_null() -> None:
    body = describe_usage(DiskUsage(containers=()), MIDNIGHT, NEWEST)
    assert body == {
        "LayersSize": 0,
        "Images": None,
        "Containers": [],
        "Volumes": None,
        "BuildCache": None,
    }
    assert describe_usage(DiskUsage(), MIDNIGHT, ApiVersion(1, 41))["BuilderSize"] == 0
