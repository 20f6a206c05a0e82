"""v2 freezer: cgroup.freeze is the order, cgroup.events says when it is done."""

from labkit.base.errors import InternalError
from labkit.cgroups.files import Folder, parse_flat, wait_until

FREEZE = "cgroup.freeze"
EVENTS = "cgroup.events"
_TIMEOUT_SECONDS = 10.0


def freeze(folder: Folder) -> None:
    """Return when every process stands still."""

    def give_up() -> None:
        folder.write(FREEZE, "0")
        raise InternalError(
            f"cannot freeze {folder.path}: still freezing after {_TIMEOUT_SECONDS:g} s"
        )

    folder.write(FREEZE, "1")
    wait_until(lambda: is_frozen(folder), _TIMEOUT_SECONDS, give_up)


def thaw(folder: Folder) -> None:
    folder.write(FREEZE, "0")


def is_frozen(folder: Folder) -> bool:
    return parse_flat(folder.read(EVENTS)).get("frozen", 0) == 1
