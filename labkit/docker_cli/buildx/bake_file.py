"""Bake files: targets and groups, as JSON or HCL. Compose sends its builds as one.

{"group": {"default": {"targets": ["web"]}},
 "target": {"web": {"context": ".", "tags": ["web:1"], "inherits": ["base"]}}}
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from labkit.docker_cli.buildx.bake_terms import GROWING, gather, work_out
from labkit.docker_cli.buildx.caches import read_source, read_target
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.hcl.bodies import json_body, parse_hcl
from labkit.docker_cli.buildx.hcl.tree import Body
from labkit.docker_cli.buildx.wish import (
    Kind,
    Wish,
    read_context,
    read_host,
    read_named_context,
    read_output,
    read_secret,
    read_ssh,
    read_tag,
    with_epoch,
)

DEFAULT = "default"
_LISTS = (
    "tags",
    "cache-from",
    "cache-to",
    "secret",
    "ssh",
    "platforms",
    "output",
    "ulimits",
    "entitlements",
    "no-cache-filter",
)
_TEXTS = (
    "context",
    "dockerfile",
    "dockerfile-inline",
    "target",
    "network",
    "shm-size",
    "call",
)
_BOOLS = ("no-cache", "pull")
# They say something about the result that nobody asks of this engine.
_UNHEEDED = ("attest", "annotations", "description")
_KNOWN = frozenset(
    (*_LISTS, *GROWING, *_TEXTS, *_BOOLS, *_UNHEEDED, "inherits", "name")
)

Target = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BakeFile:
    """All groups and targets of the files."""

    groups: Mapping[str, Sequence[str]]
    targets: Mapping[str, Target]

    def choose(self, names: Sequence[str]) -> list[str]:
        """Return the targets that names mean, those they need in front of them.

        Raises:
            BuildxError: a name means nothing, or targets need one another.
        """
        found: dict[str, None] = {}
        for name in names or (DEFAULT,):
            self._visit(name, (), found)
        return list(found)

    def _visit(self, name: str, path: tuple[str, ...], found: dict[str, None]) -> None:
        if name in path:
            raise BuildxError(f"infinite loop from {path[-1]} to {name}")
        if name in self.groups and name not in self.targets:
            for inner in self.groups[name]:
                self._visit(inner, (*path, name), found)
            return
        for needed in self.needs(name):
            self._visit(needed, (*path, name), found)
        found[name] = None

    def needs(self, name: str) -> list[str]:
        """Return the targets whose results a target takes files from."""
        contexts = self.target(name).get("contexts") or {}
        named = (read_named_context(str(one)) for one in contexts.values())
        return [one.text for one in named if one.kind is Kind.TARGET]

    def target(self, name: str) -> Target:
        """Return a target with what it inherits.

        Raises:
            BuildxError: there is none of that name, or it has an unknown key.
        """
        return self._inherited(name, ())

    def _inherited(self, name: str, path: tuple[str, ...]) -> Target:
        if name in path:
            raise BuildxError(f"infinite loop from {path[-1]} to {name}")
        own = self.targets.get(name)
        if own is None and name == DEFAULT and not path:
            own = {}
        if own is None:
            raise BuildxError(f"failed to find target {name}")
        for key in own:
            if key not in _KNOWN:
                raise BuildxError(f"target {name}: {key!r} isn't supported here")
        merged: Target = {}
        for parent in own.get("inherits") or ():
            merged = _merge(merged, self._inherited(parent, (*path, name)))
        return _merge(merged, own)


def read_bake(
    texts: Iterable[tuple[str, str]], environ: Mapping[str, str] = MappingProxyType({})
) -> BakeFile:
    """Read bake files, given as names and texts; later ones add to earlier ones.

    Raises:
        BuildxError: one can't be read, or is no bake file.
    """
    return bake_of([body_of(name, text) for name, text in texts], environ)


def bake_of(bodies: Iterable[Body], environ: Mapping[str, str]) -> BakeFile:
    """Work out what bake files say together.

    Raises:
        BuildxError: an expression has no value.
    """
    found = work_out(gather(bodies, environ))
    groups = {
        name: [str(one) for one in body.get("targets") or ()]
        for name, body in found["group"].items()
    }
    return BakeFile(groups, found["target"])


def body_of(name: str, text: str) -> Body:
    """Read a bake file's text, which is JSON if it begins as JSON does.

    Raises:
        BuildxError: it can't be read.
    """
    if not name.endswith(".json") and not text.lstrip().startswith("{"):
        return parse_hcl(name, text)
    try:
        found = json.loads(text)
    except ValueError as error:
        raise BuildxError(f"cannot read {name}: {error}") from error
    if not isinstance(found, dict):
        raise BuildxError(f"cannot read {name}: a bake file is a JSON object")
    return json_body(name, found)


def override(targets: Mapping[str, Target], texts: Iterable[str]) -> dict[str, Target]:
    """Apply ``--set web.args.V=1``; ``*`` means every target.

    Raises:
        BuildxError: it names no target or key.
    """
    changed = {name: dict(target) for name, target in targets.items()}
    for text in texts:
        place, equals, value = text.partition("=")
        name, *keys = place.split(".", 2)
        if not equals or not keys:
            raise BuildxError(f"invalid override {text}, expected target.name=value")
        wanted = list(changed) if name == "*" else [name]
        for one in wanted:
            if one not in changed:
                raise BuildxError(f"could not find any target matching '{one}'")
            _set(changed[one], keys, value)
    return changed


def wish_of(target: Target) -> Wish:
    """Turn a target into a wish.

    Raises:
        BuildxError: a value is none.
    """
    platforms = _list(target, "platforms")
    if len(set(platforms)) > 1:
        raise BuildxError(
            "Multi-platform build is not supported for the docker driver: ask for one "
            "platform at a time"
        )
    outputs = [read_output(_field_text(one)) for one in target.get("output") or ()]
    return Wish(
        context=read_context(str(target.get("context") or ".")),
        dockerfile=str(target.get("dockerfile") or ""),
        dockerfile_text=target.get("dockerfile-inline"),
        target=str(target.get("target") or ""),
        arguments=with_epoch(dict(_map(target, "args"))),
        labels={key: value or "" for key, value in _map(target, "labels").items()},
        tags=tuple(read_tag(text) for text in _list(target, "tags")),
        contexts={
            name: read_named_context(value or "")
            for name, value in _map(target, "contexts").items()
        },
        secrets=tuple(
            read_secret(_field_text(one)) for one in target.get("secret") or ()
        ),
        ssh=dict(read_ssh(_ssh_text(one)) for one in target.get("ssh") or ()),
        cache_from=tuple(
            read_source(_field_text(o)) for o in target.get("cache-from") or ()
        ),
        cache_to=tuple(
            read_target(_field_text(o)) for o in target.get("cache-to") or ()
        ),
        outputs=tuple(outputs),
        platform=platforms[0] if platforms else "",
        network=str(target.get("network") or ""),
        extra_hosts=tuple(
            read_host(f"{k}={v}") for k, v in _map(target, "extra-hosts").items()
        ),
        shm_size=str(target.get("shm-size") or ""),
        ulimits=_list(target, "ulimits"),
        allow=_list(target, "entitlements"),
        no_cache=bool(target.get("no-cache")),
        no_cache_stages=_list(target, "no-cache-filter"),
        pull=bool(target.get("pull")),
    )


def _merge(below: Target, above: Target) -> Target:
    """Put one target over another: maps grow, anything else is replaced."""
    merged = {**below, **above}
    for key in GROWING:
        if key in below and key in above:
            merged[key] = {**below[key], **above[key]}
    return merged


def _set(target: Target, keys: Sequence[str], value: str) -> None:
    key = keys[0]
    if key in GROWING and len(keys) == 2:
        target[key] = {**(target.get(key) or {}), keys[1]: value}
    elif key in _BOOLS:
        target[key] = value == "true"
    elif key in _LISTS or f"{key}s" in _LISTS:
        target[key if key in _LISTS else f"{key}s"] = [value]
    elif key in _TEXTS:
        target[key] = value
    else:
        raise BuildxError(f"unknown key: {key}")


def _list(target: Target, key: str) -> tuple[str, ...]:
    return tuple(str(one) for one in target.get(key) or ())


def _map(target: Target, key: str) -> dict[str, str | None]:
    found = target.get(key) or {}
    if not isinstance(found, dict):
        raise BuildxError(f"{key!r} of a target has to be a map")
    return {name: None if v is None else str(v) for name, v in found.items()}


def _field_text(value: Any) -> str:
    """Newer bake files have maps where older ones have ``a=b,c=d``."""
    if not isinstance(value, dict):
        return str(value)
    return ",".join(f"{key}={each}" for key, each in value.items())


def _ssh_text(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    return f"{value.get('id', 'default')}={','.join(value.get('paths') or ())}"
