"""Which device nodes a container may use: the rules every container gets.

A rule is a row (allow or deny, type, numbers, access); rows are applied in order and
the last that matches decides. v1 takes them as lines of text, v2 as a small program
(``labkit/kernel/bpf_devices.py``).
"""

from labkit.spec.runtime import DeviceRule

DENY_ALL = DeviceRule(allow=False)

# After runc (libcontainer/specconv, AllowedDevices): making any node is harmless, as
# opening it needs a row of its own.
DEFAULT_DEVICE_RULES = (
    DENY_ALL,
    DeviceRule(True, "c", access="m"),
    DeviceRule(True, "b", access="m"),
    DeviceRule(True, "c", 1, 3),  # null
    DeviceRule(True, "c", 1, 5),  # zero
    DeviceRule(True, "c", 1, 7),  # full
    DeviceRule(True, "c", 1, 8),  # random
    DeviceRule(True, "c", 1, 9),  # urandom
    DeviceRule(True, "c", 5, 0),  # tty
    DeviceRule(True, "c", 5, 1),  # console
    DeviceRule(True, "c", 5, 2),  # ptmx
    DeviceRule(True, "c", 136),  # pts/*
    DeviceRule(True, "c", 10, 200),  # net/tun
)

ALLOW_ALL = (DeviceRule(allow=True),)
"""What ``--privileged`` gets."""
