"""The order of the steps: read this, and you know how a container comes to be.

``EARLY_STEPS`` are done before the gate, while the engine still prepares what comes
from outside: the network, /etc/hosts, volumes. ``ROOT_STEPS`` finish the container's
world. ``PROCESS_STEPS`` make a process of it: init's after the world is ready, an
exec's after it joined that world.
"""

from labkit.runtime.steps.console import bind_console, open_console
from labkit.runtime.steps.context import Step
from labkit.runtime.steps.devices import link_devices, make_devices
from labkit.runtime.steps.identity import (
    change_user,
    cut_bounding_set,
    die_with_shim,
    enter_working_folder,
    forbid_new_privileges,
    load_early_seccomp,
    own_streams,
    set_capabilities,
    set_oom_score,
    set_rlimits,
    settle_in_working_folder,
)
from labkit.runtime.steps.mounts import (
    hold_shared_sources,
    mount_kernel_files,
    mount_rest,
)
from labkit.runtime.steps.program import find_program
from labkit.runtime.steps.root import (
    change_root,
    cut_propagation,
    mount_root,
    seal_root,
    set_root_propagation,
)
from labkit.runtime.steps.system import (
    make_working_folder,
    mask_paths,
    protect_paths,
    set_names,
    set_sysctls,
)

EARLY_STEPS: tuple[Step, ...] = (
    set_oom_score,
    hold_shared_sources,
    cut_propagation,
    mount_root,
    mount_kernel_files,
)

ROOT_STEPS: tuple[Step, ...] = (
    mount_rest,
    make_devices,
    link_devices,
    change_root,
    set_root_propagation,
    open_console,
    bind_console,
    set_names,
    set_sysctls,
    protect_paths,
    mask_paths,
    make_working_folder,
    seal_root,
)

JOIN_STEPS: tuple[Step, ...] = (
    set_oom_score,
    open_console,
)

PROCESS_STEPS: tuple[Step, ...] = (
    set_rlimits,
    own_streams,
    enter_working_folder,
    load_early_seccomp,
    cut_bounding_set,
    change_user,
    set_capabilities,
    settle_in_working_folder,
    find_program,
    die_with_shim,
    forbid_new_privileges,
)

STEPS = EARLY_STEPS + ROOT_STEPS + PROCESS_STEPS
"""What init goes through, from clone to execve."""
