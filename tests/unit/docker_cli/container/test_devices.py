import pytest

from labkit.docker_cli.container.devices import device_mappings, parse_gpus
from labkit.docker_cli.errors import CliError


def test_reads_devices():
    assert device_mappings(
        ["/dev/a", "/dev/a:r", "/dev/a:/dev/b", "/dev/a:/dev/b:rw"]
    ) == [
        {
            "PathOnHost": "/dev/a",
            "PathInContainer": "/dev/a",
            "CgroupPermissions": "rwm",
        },
        {"PathOnHost": "/dev/a", "PathInContainer": "/dev/a", "CgroupPermissions": "r"},
        {
            "PathOnHost": "/dev/a",
            "PathInContainer": "/dev/b",
            "CgroupPermissions": "rwm",
        },
        {
            "PathOnHost": "/dev/a",
            "PathInContainer": "/dev/b",
            "CgroupPermissions": "rw",
        },
    ]


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("a:b:c:d", "bad format for path: a:b:c:d"),
        ("/dev/a:/b:x", "bad mode specified: x"),
        ("a", "a is not an absolute path"),
    ],
)
def test_refuses_in_docker_clis_words(spec, said):
    with pytest.raises(CliError, match=said):
        device_mappings([spec])


def test_reads_gpus():
    assert parse_gpus("all")["Count"] == -1
    assert parse_gpus("2")["Count"] == 2
    assert parse_gpus("device=GPU-1")["DeviceIDs"] == ["GPU-1"]
    with pytest.raises(ValueError, match="invalid count"):
        parse_gpus("x")
    with pytest.raises(ValueError, match="unexpected key 'a'"):
        parse_gpus("a=b")
