"""``--mount type=bind,source=/a,target=/b``: words to the API's record."""

from __future__ import annotations

import os

from labkit.base.units import parse_bytes
from labkit.docker_cli.csv_line import split_csv
from labkit.docker_cli.values import read_bool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.json_text import Json

_ALONE = ("readonly", "ro", "volume-nocopy", "bind-nonrecursive")
_RECURSIVE = {
    "enabled": {},
    "disabled": {"NonRecursive": True},
    "writable": {"ReadOnlyNonRecursive": True},
    "readonly": {"ReadOnlyForceRecursive": True},
}


def parse_mount(text: str) -> Json:
    """Return a mount as the API has it.

    Raises:
        ValueError: in docker/cli's words.
    """
    if not text.strip():
        raise ValueError("EOF")
    mount: Json = {"Type": "volume"}
    for field in split_csv(text.strip()):
        key, equals, value = field.partition("=")
        name = _checked_key(key, field, bool(equals), value)
        if not equals and name not in _ALONE:
            raise ValueError(f"invalid field '{field}' must be a key=value pair")
        _set(mount, name, value, field, bool(equals))
    _validate(mount)
    return mount


def _checked_key(key: str, field: str, has_value: bool, value: str) -> str:
    if key != key.strip():
        raise ValueError(
            f"invalid option '{key.strip()}' in '{field}': "
            "option should not have whitespace"
        )
    if has_value and not value.strip():
        raise ValueError(f"invalid value for '{key}': value is empty")
    if has_value and value != value.strip():
        raise ValueError(
            f"invalid value for '{key}' in '{field}': value should not have whitespace"
        )
    return key.lower()


def _set(mount: Json, name: str, value: str, field: str, has_value: bool) -> None:
    if name == "type":
        mount["Type"] = value.lower()
    elif name in ("source", "src"):
        mount["Source"] = os.path.abspath(value) if value.startswith(".") else value
    elif name in ("target", "dst", "destination"):
        mount["Target"] = value
    elif name in ("readonly", "ro"):
        mount["ReadOnly"] = _bool(name, value, has_value)
    elif name == "consistency":
        mount["Consistency"] = value.lower()
    elif name.startswith("bind-"):
        _set_bind(mount.setdefault("BindOptions", {}), name, value, has_value)
    elif name.startswith("volume-"):
        _set_volume(mount.setdefault("VolumeOptions", {}), name, value, field)
    elif name == "image-subpath":
        mount.setdefault("ImageOptions", {})["Subpath"] = value
    elif name.startswith("tmpfs-"):
        _set_tmpfs(mount.setdefault("TmpfsOptions", {}), name, value, field)
    else:
        raise _unknown(name, field)


def _set_bind(options: Json, name: str, value: str, has_value: bool) -> None:
    if name == "bind-propagation":
        options["Propagation"] = value.lower()
    elif name == "bind-nonrecursive":
        options["NonRecursive"] = _bool(name, value, has_value)
    elif name == "bind-recursive":
        if value not in _RECURSIVE:
            raise ValueError(
                f'invalid value for {name}: {value} (must be "enabled", "disabled", '
                '"writable", or "readonly")'
            )
        options.update(_RECURSIVE[value])
    else:
        raise _unknown(name, f"{name}={value}")


def _set_volume(options: Json, name: str, value: str, field: str) -> None:
    driver = options.setdefault("DriverConfig", {})
    if name == "volume-subpath":
        options["Subpath"] = value
    elif name == "volume-nocopy":
        options["NoCopy"] = _bool(name, value, "=" in field)
    elif name == "volume-label":
        label, _, text = value.partition("=")
        options.setdefault("Labels", {})[label] = text
    elif name == "volume-driver":
        driver["Name"] = value
    elif name == "volume-opt":
        option, _, text = value.partition("=")
        driver.setdefault("Options", {})[option] = text
    else:
        raise _unknown(name, field)
    if not driver:
        del options["DriverConfig"]


def _set_tmpfs(options: Json, name: str, value: str, field: str) -> None:
    try:
        if name == "tmpfs-size":
            options["SizeBytes"] = parse_bytes(value)
        elif name == "tmpfs-mode":
            options["Mode"] = int(value, 8)
        else:
            raise _unknown(name, field)
    except ValueError as error:
        if "unknown option" in str(error):
            raise
        raise ValueError(f"invalid value for {name}: {value}") from None


def _unknown(name: str, field: str) -> ValueError:
    return ValueError(f"unexpected key '{name}' in '{field}'")


def _bool(name: str, value: str, has_value: bool) -> bool:
    if not has_value:
        return True
    try:
        return read_bool(value)
    except ValueError:
        raise ValueError(f"invalid value for {name}: {value}") from None


def _validate(mount: Json) -> None:
    kind = mount["Type"]
    if not kind:
        raise ValueError("type is required")
    if "VolumeOptions" in mount and kind != "volume":
        raise ValueError(f"cannot mix 'volume-*' options with mount type '{kind}'")
    if "ImageOptions" in mount and kind != "image":
        raise ValueError(f"cannot mix 'image-*' options with mount type '{kind}'")
    if "BindOptions" in mount and kind != "bind":
        raise ValueError(f"cannot mix 'bind-*' options with mount type '{kind}'")
    if "TmpfsOptions" in mount and kind != "tmpfs":
        raise ValueError(f"cannot mix 'tmpfs-*' options with mount type '{kind}'")
    if "Target" not in mount:
        raise ValueError("target is required")
