"""v2 io: weight and throttling of block devices, bytes and operations done."""

from collections.abc import Iterator

from labkit.base.errors import UnsupportedError
from labkit.cgroups.files import Folder
from labkit.cgroups.model import BlockIoEntry, BlockIoStats
from labkit.spec.runtime import BlockIoResources, Resources, ThrottleDevice

MAX = "io.max"
STAT = "io.stat"

# Which counter of io.stat is which operation of v1's files.
_BYTES = {"rbytes": "read", "wbytes": "write", "dbytes": "discard"}
_OPERATIONS = {"rios": "read", "wios": "write", "dios": "discard"}


def apply(folder: Folder, resources: Resources) -> None:
    block = resources.block_io
    if block is None:
        return
    if block.weight:
        _apply_weight(folder, block.weight)
    for device in block.weight_device:
        place = f"{device.major}:{device.minor} "
        _apply_weight(folder, device.weight, place)
    for key, rule in _throttles(block):
        # One device and one key a write; other keys stay as they are.
        rate = "max" if rule.rate == 0 else str(rule.rate)
        folder.write(MAX, f"{rule.major}:{rule.minor} {key}={rate}")


def weight_of_blkio(weight: int) -> int:
    """Map v1's 10 ... 1000 to v2's 1 ... 10000 in a straight line, as runc does."""
    return 1 + (min(max(weight, 10), 1_000) - 10) * 9_999 // 990


def read_stats(folder: Folder) -> BlockIoStats:
    text = folder.read(STAT)
    return BlockIoStats(
        service_bytes=tuple(_parse(text, _BYTES)),
        serviced=tuple(_parse(text, _OPERATIONS)),
    )


def _apply_weight(folder: Folder, weight: int, place: str = "") -> None:
    """Write a weight: the group's own, or that on the device that ``place`` names."""
    if folder.has("io.bfq.weight"):  # BFQ kept v1's range
        folder.write("io.bfq.weight", f"{place}{weight}")
    elif folder.has("io.weight"):
        folder.write("io.weight", f"{place}{weight_of_blkio(weight)}")
    else:
        raise UnsupportedError(
            f"cannot set block I/O weight {weight} of {folder.path}: "
            "the kernel's I/O scheduler has no weights"
        )


def _throttles(block: BlockIoResources) -> Iterator[tuple[str, ThrottleDevice]]:
    for key, rules in (
        ("rbps", block.throttle_read_bps_device),
        ("wbps", block.throttle_write_bps_device),
        ("riops", block.throttle_read_iops_device),
        ("wiops", block.throttle_write_iops_device),
    ):
        for rule in rules:
            yield key, rule


def _parse(text: str, names: dict[str, str]) -> Iterator[BlockIoEntry]:
    for line in text.splitlines():
        device, *pairs = line.split()
        major, _, minor = device.partition(":")
        for pair in pairs:
            name, _, value = pair.partition("=")
            if name in names:
                yield BlockIoEntry(int(major), int(minor), names[name], int(value))
