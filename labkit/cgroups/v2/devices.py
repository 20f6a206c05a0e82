"""v2 devices: there are no files; a program attached to the group is asked instead."""

import os

from labkit.base.errors import ForbiddenError
from labkit.cgroups.files import Folder
from labkit.kernel.bpf_devices import compile_rules
from labkit.spec.runtime import Resources

_WHOLE_RANGE = "0 0 4294967295"


def apply(folder: Folder, resources: Resources) -> None:
    if not resources.devices:
        return
    try:
        folder.guard_devices(compile_rules(resources.devices))
    except ForbiddenError:
        # In a user namespace nobody may load such programs; nor may anybody make or
        # open a foreign device node there, so that nothing is left to guard
        # (user_namespaces(7); runc does the same).
        if not _in_user_namespace():
            raise


def _in_user_namespace() -> bool:
    with open("/proc/self/uid_map") as file:
        return " ".join(file.read().split()) != _WHOLE_RANGE or os.geteuid() != 0
