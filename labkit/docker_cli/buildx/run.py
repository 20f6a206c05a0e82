"""One build from its wish to its result: the road that ``build`` and ``bake`` share."""

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from labkit.docker_cli.buildx import classic, door
from labkit.docker_cli.buildx.caches import write_layout
from labkit.docker_cli.buildx.door import Result, Tell
from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.internals import (
    tell_definition,
    tell_export,
    with_sizes,
    with_whole_names,
)
from labkit.docker_cli.buildx.layouts import loaded_layout
from labkit.docker_cli.buildx.material import Material, prepare
from labkit.docker_cli.buildx.outputs import (
    check_outputs,
    keeps_image,
    push_as,
    put_out,
)
from labkit.docker_cli.buildx.shop import Shop
from labkit.docker_cli.buildx.wish import Cache, Kind, Output, Wish, read_tag
from labkit.docker_cli.config import Config
from labkit.docker_cli.registry.credentials import config_header


def run(shop: Shop, wish: Wish, images: Mapping[str, str], tell: Tell) -> Result:
    """Build, and bring the result to where it was asked for.

    Raises:
        BuildxError: something isn't there, or goes wrong.
    """
    wish = replace(wish, outputs=_named_outputs(wish))
    check_outputs(wish.outputs)
    with ExitStack() as stack:
        layouts = _open_layouts(shop.engine, wish, stack)
        result = _build(shop, wish, {**images, **layouts}, tell)
    put_out(shop.engine, result, wish.outputs, shop.config)
    return result


def _named_outputs(wish: Wish) -> tuple[Output, ...]:
    """Give what is put out the image's names, which go before an output's own."""
    tags = ",".join(wish.tags)
    return tuple(replace(one, name=tags or one.name) for one in wish.outputs)


def kept_names(wish: Wish) -> tuple[str, ...]:
    """Return what the image is called in the engine."""
    if not keeps_image(wish.outputs):
        return ()
    found = [*wish.tags]
    for one in wish.outputs:
        found += () if one.destination else map(read_tag, one.names)
    return tuple(dict.fromkeys(found))


def build(
    engine: Engine, material: Material, auth: Mapping[str, str], tell: Tell
) -> Result:
    """Build by labkit's own door, or by the classic one where there is no other."""
    way = door.build if door.is_there(engine) else classic.build
    return way(engine, material, auth, tell)


def _build(shop: Shop, wish: Wish, images: Mapping[str, str], tell: Tell) -> Result:
    material = prepare(wish, images)
    found = [images[one.place] for one in wish.cache_from if one.place in images]
    if found:
        named = material.options.get("cachefrom", [])
        material.options["cachefrom"] = [*named, *found]
    if names := kept_names(wish):
        material.options["t"] = list(names)
    tell_definition(material, tell)
    sent = with_sizes(material, tell)
    named = {*material.images, *material.contexts}
    auth = config_header(Config(str(shop.config)))
    result = build(
        shop.engine, sent, auth, lambda update: tell(with_whole_names(update, named))
    )
    if keeps_image(wish.outputs):
        tell_export(result.id, result.names, tell)
    _keep_cache(shop, result, wish.cache_to)
    return result


def _open_layouts(engine: Engine, wish: Wish, stack: ExitStack) -> dict[str, str]:
    """Load the layouts that a build names, as long as it takes."""
    found = {}
    for context in wish.contexts.values():
        if context.kind is Kind.LAYOUT:
            layout = loaded_layout(engine, context.text)
            found[context.text] = stack.enter_context(layout)
    for cache in wish.cache_from:
        if cache.type != "local":
            continue
        try:
            layout = loaded_layout(engine, cache.place)
            found[cache.place] = stack.enter_context(layout)
        except BuildxError as error:  # as buildx: a build may well do without
            sys.stderr.write(
                f"WARNING: local cache import at {cache.place} not found due to err: "
                f"{error}\n"
            )
    return found


def _keep_cache(shop: Shop, result: Result, targets: tuple[Cache, ...]) -> None:
    for target in targets:
        if target.type == "local":
            write_layout(shop.engine, result.id, Path(target.place))
        elif target.type == "registry":
            push_as(shop.engine, result.id, target.place, shop.config)
