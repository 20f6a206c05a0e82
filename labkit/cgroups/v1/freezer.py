"""v1 freezer: stop all processes of a group where they stand, and let them go on."""

from labkit.base.errors import InternalError
from labkit.cgroups.files import Folder, wait_until

STATE = "freezer.state"
_TIMEOUT_SECONDS = 10.0


def freeze(folder: Folder) -> None:
    """Return when every process stands still.

    The kernel stays at FREEZING while a process forks or sits in vfork(2), and then
    needs to be told again (runc, libcontainer/cgroups/fs/freezer.go).
    """

    def is_frozen() -> bool:
        folder.write(STATE, "FROZEN")
        return folder.read(STATE).strip() == "FROZEN"

    def give_up() -> None:
        folder.write(STATE, "THAWED")
        raise InternalError(
            f"cannot freeze {folder.path}: still freezing after {_TIMEOUT_SECONDS:g} s"
        )

    wait_until(is_frozen, _TIMEOUT_SECONDS, give_up)


def thaw(folder: Folder) -> None:
    folder.write(STATE, "THAWED")


def is_frozen(folder: Folder) -> bool:
    return folder.read(STATE).strip() != "THAWED"
