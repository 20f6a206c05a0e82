"""Which cgroups a machine has, from the text of its proc files."""

from pathlib import Path

from labkit.cgroups.hierarchy import CgroupMount, Kind, detect, read_hierarchy
from labkit.kernel.mountinfo import parse_mountinfo_line

V1 = (
    "33 32 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct",
    "35 32 0:31 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory",
    "40 32 0:36 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd",
)
V2 = ("41 32 0:37 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate",)
OTHER = ("27 1 254:0 / / rw,relatime - ext4 /dev/vda rw",)


def test_v1_alone() -> None:
    found = detect(map(parse_mountinfo_line, OTHER + V1), ["4:memory:/a", "0::/"])
    assert found.kind is Kind.V1
    assert found.v2 is None
    memory = found.mount_of("memory")
    assert memory is not None
    assert memory.own == "/a"


def test_controllers_mounted_together_are_one_tree() -> None:
    found = detect(map(parse_mountinfo_line, V1), [])
    assert found.mount_of("cpu") == found.mount_of("cpuacct")
    assert found.mount_of("pids") is None


def test_a_named_tree_limits_nothing() -> None:
    found = detect(map(parse_mountinfo_line, V1[2:] + V2), ["0::/"])
    assert found.kind is Kind.V2


def test_v2_alone() -> None:
    found = detect(map(parse_mountinfo_line, V2), ["0::/user.slice"])
    assert found.kind is Kind.V2
    assert found.v2 is not None
    assert found.v2.own == "/user.slice"


def test_both_is_hybrid() -> None:
    assert detect(map(parse_mountinfo_line, V1 + V2), []).kind is Kind.HYBRID


def test_nothing_mounted() -> None:
    assert detect(map(parse_mountinfo_line, OTHER), []).kind is Kind.NONE


def test_inside_a_container_the_mounts_root_is_stripped() -> None:
    line = "5 4 0:31 /docker/3f2a /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory"
    for own, expected in (
        ("/docker/3f2a", "/"),
        ("/docker/3f2a/inner", "/inner"),
        ("/docker/3f2abc", "/"),
        ("/elsewhere", "/"),
    ):
        found = detect([parse_mountinfo_line(line)], [f"4:memory:{own}"])
        assert found.v1[0].own == expected


def test_the_first_mount_of_a_tree_counts() -> None:
    again = "50 1 0:31 / /mnt/memory rw - cgroup cgroup rw,memory"
    found = detect(map(parse_mountinfo_line, (*V1, again)), [])
    memory = found.mount_of("memory")
    assert memory is not None
    assert memory.mount_point == Path("/sys/fs/cgroup/memory")


def test_groups_lie_below_the_root_that_we_may_write(tmp_path: Path) -> None:
    mount = CgroupMount(tmp_path, ("memory",), "/mine")
    assert mount.folder_of("/labkit-1/box") == tmp_path / "labkit-1/box"


def test_groups_lie_below_ours_where_the_root_is_not_ours(tmp_path: Path) -> None:
    # A folder that isn't there can't be written either, for root too.
    mount = CgroupMount(tmp_path / "gone", ("memory",), "/mine")
    assert mount.folder_of("/labkit-1") == tmp_path / "gone/mine/labkit-1"


def test_reads_the_proc_files(tmp_path: Path) -> None:
    (tmp_path / "mountinfo").write_text("\n".join(V2) + "\n")
    (tmp_path / "cgroup").write_text("0::/here\n")
    found = read_hierarchy(tmp_path / "mountinfo", tmp_path / "cgroup")
    assert found.kind is Kind.V2
    assert found.v2 is not None
    assert found.v2.own == "/here"
