"""``-v`` and ``--mount`` texts."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.engine.containers.mount_options import check_request, parse_bind
from labkit.engine.model import MountRequest


@pytest.mark.parametrize(
    ("spec", "kind", "source", "target", "read_only"),
    [
        ("/data", "volume", "", "/data", False),
        ("vol:/data", "volume", "vol", "/data", False),
        ("vol:/data:ro", "volume", "vol", "/data", True),
        ("/src:/data", "bind", "/src", "/data", False),
        ("/src/../x/:/data/:rw,z", "bind", "/x", "/data", False),
        ("/src:/data:ro,rslave", "bind", "/src", "/data", True),
    ],
)
def test_reads_binds(
    spec: str, kind: str, source: str, target: str, read_only: bool
) -> None:
    request, _ = parse_bind(spec)
    assert (request.type, request.source, request.target, request.read_only) == (
        *(kind, source, target, read_only),
    )


def test_keeps_the_mode_for_inspect() -> None:
    request, mode = parse_bind("/src:/data:ro,rslave")
    assert (mode.text, request.propagation) == ("ro,rslave", "rslave")
    assert parse_bind("v:/d:nocopy")[0].no_copy


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ("a:b:c:d", "invalid volume specification: 'a:b:c:d'"),
        (":/x", "invalid volume specification: ':/x'"),
        (
            "vol:relative",
            "invalid volume specification: 'vol:relative': invalid mount config for "
            "type \"volume\": invalid mount path: 'relative' mount path must be "
            "absolute",
        ),
        (
            "/x:/",
            "invalid volume specification: '/x:/': invalid mount config for type "
            "\"bind\": invalid specification: destination can't be '/'",
        ),
        (
            "/x://",
            "invalid volume specification: '/x://': invalid mount config for type "
            "\"bind\": invalid specification: destination can't be '/'",
        ),
        ("/x:/y:foo", "invalid mode: foo"),
        ("/x:/y:ro,rw", "invalid mode: ro,rw"),
        ("/x:/y:z,Z", "invalid mode: z,Z"),
        (
            "v:/y:shared",
            "invalid volume specification: 'v:/y:shared': invalid mount config for "
            'type "volume": field BindOptions must not be specified',
        ),
        (
            "/x:/y:nocopy",
            "invalid volume specification: '/x:/y:nocopy': invalid mount config for "
            'type "bind": field VolumeOptions must not be specified',
        ),
    ],
)
def test_refuses_binds(spec: str, complaint: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_bind(spec)
    assert caught.value.message == complaint


@pytest.mark.parametrize(
    ("request_", "complaint"),
    [
        (MountRequest("foo", "/x"), "mount type unknown"),
        (MountRequest("bind", ""), "field Target must not be empty"),
        (MountRequest("bind", "x", "/a"), "'x' mount path must be absolute"),
        (MountRequest("volume", "/./"), "destination can't be '/'"),
        (MountRequest("volume", "//"), "destination can't be '/'"),
        (MountRequest("bind", "/x"), "field Source must not be empty"),
        (MountRequest("bind", "/x", "a"), "'a' mount path must be absolute"),
        (
            MountRequest("bind", "/x", "/a", propagation="bad"),
            "invalid propagation mode: bad",
        ),
        (
            MountRequest("volume", "/x", read_only=True),
            "must not set ReadOnly mode when using anonymous volumes",
        ),
        (MountRequest("tmpfs", "/x", "/a"), "field Source must not be specified"),
        (MountRequest("tmpfs", "/x", tmpfs_options=(("dev",),)), "invalid option: dev"),
        (MountRequest("tmpfs", "/x", tmpfs_options=((),)), "invalid option array len"),
    ],
)
def test_refuses_mounts(request_: MountRequest, complaint: str) -> None:
    with pytest.raises(InvalidInputError, match=complaint):
        check_request(request_)


def test_accepts_a_mount() -> None:
    request = MountRequest("volume", "/x")
    assert check_request(request) == request


def test_a_place_has_one_name() -> None:
    assert check_request(MountRequest("volume", "//data/./x/")).target == "/data/x"
    assert parse_bind("/a:///data/../proc")[0].target == "/proc"
