"""v1 devices: rows such as ``c 1:3 rwm`` into devices.allow and devices.deny."""

from labkit.base.errors import InvalidInputError
from labkit.cgroups.files import Folder
from labkit.spec.runtime import DeviceRule, Resources


def apply(folder: Folder, resources: Resources) -> None:
    for rule in resources.devices:
        name = "devices.allow" if rule.allow else "devices.deny"
        for line in spell_rule(rule):
            folder.write(name, line)


def spell_rule(rule: DeviceRule) -> tuple[str, ...]:
    """Return the kernel's lines for a rule.

    The kernel takes type ``a`` to mean "everything at all" and ignores what follows,
    so that a row for any type with numbers or less than full access is two rows.
    """
    if not rule.access or set(rule.access) - set("rwm"):
        raise InvalidInputError(f"invalid device access {rule.access!r}")
    kind = rule.type or "a"
    if kind not in ("a", "b", "c"):
        raise InvalidInputError(f"invalid device type {kind!r}")
    numbers = f"{_spell(rule.major)}:{_spell(rule.minor)} {rule.access}"
    if kind != "a":
        return (f"{kind} {numbers}",)
    if numbers == "*:* rwm":
        return ("a",)
    return (f"b {numbers}", f"c {numbers}")


def _spell(number: int | None) -> str:
    # -1 is how the specification's older writers spell "any"
    return "*" if number is None or number < 0 else str(number)
