"""v1 blkio: weight and throttling of block devices, bytes and operations done."""

from labkit.base.errors import UnsupportedError
from labkit.cgroups.files import Folder
from labkit.cgroups.model import BlockIoEntry, BlockIoStats
from labkit.spec.runtime import BlockIoResources, Resources, ThrottleDevice

# The name depends on the I/O scheduler that the kernel was built with.
WEIGHTS = ("blkio.weight", "blkio.bfq.weight")

_BYTES = (
    "blkio.throttle.io_service_bytes_recursive",
    "blkio.throttle.io_service_bytes",
)
_OPERATIONS = ("blkio.throttle.io_serviced_recursive", "blkio.throttle.io_serviced")


def apply(folder: Folder, resources: Resources) -> None:
    block = resources.block_io
    if block is None:
        return
    if block.weight:
        folder.write(_weight_file(folder, block.weight), str(block.weight))
    for device in block.weight_device:
        name = _weight_file(folder, device.weight) + "_device"
        folder.write(name, f"{device.major}:{device.minor} {device.weight}")
    for name, rules in _throttles(block):
        for rule in rules:
            folder.write(name, f"{rule.major}:{rule.minor} {rule.rate}")


def read_stats(folder: Folder) -> BlockIoStats:
    return BlockIoStats(
        service_bytes=_read_counters(folder, _BYTES),
        serviced=_read_counters(folder, _OPERATIONS),
    )


def _weight_file(folder: Folder, weight: int) -> str:
    name = next((name for name in WEIGHTS if folder.has(name)), None)
    if name is None:
        raise UnsupportedError(
            f"cannot set block I/O weight {weight} of {folder.path}: "
            "the kernel's I/O scheduler has no weights"
        )
    return name


def _throttles(
    block: BlockIoResources,
) -> tuple[tuple[str, tuple[ThrottleDevice, ...]], ...]:
    return (
        ("blkio.throttle.read_bps_device", block.throttle_read_bps_device),
        ("blkio.throttle.write_bps_device", block.throttle_write_bps_device),
        ("blkio.throttle.read_iops_device", block.throttle_read_iops_device),
        ("blkio.throttle.write_iops_device", block.throttle_write_iops_device),
    )


def _read_counters(folder: Folder, names: tuple[str, ...]) -> tuple[BlockIoEntry, ...]:
    name = next((name for name in names if folder.has(name)), None)
    if name is None:
        return ()
    entries = []
    for line in folder.read(name).splitlines():
        # "254:0 Read 4096"; the last line, "Total 4096", is a sum of all devices.
        words = line.split()
        if len(words) == 3:
            major, minor = map(int, words[0].split(":"))
            entries.append(BlockIoEntry(major, minor, words[1].lower(), int(words[2])))
    return tuple(entries)
