"""One build from its wish to its result: the road that ``build`` and ``bake`` share."""

from collections.abc import Mapping

from labkit.docker_cli.buildx import classic, door
from labkit.docker_cli.buildx.door import Result, Tell
from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.internals import (
    tell_definition,
    tell_export,
    with_sizes,
    with_whole_names,
)
from labkit.docker_cli.buildx.material import Material, prepare
from labkit.docker_cli.buildx.outputs import check_outputs, keeps_image, put_out
from labkit.docker_cli.buildx.shop import Shop
from labkit.docker_cli.buildx.wish import Wish


def run(shop: Shop, wish: Wish, images: Mapping[str, str], tell: Tell) -> Result:
    """Build, and bring the result to where it was asked for.

    Raises:
        BuildxError: something isn't there, or goes wrong.
    """
    check_outputs(wish.outputs)
    material = prepare(wish, images)
    if not keeps_image(wish.outputs):
        material.options.pop("t", None)
    tell_definition(material, tell)
    sent = with_sizes(material, tell)
    named = {*material.images, *material.contexts}
    result = build(
        shop.engine, sent, lambda update: tell(with_whole_names(update, named))
    )
    if keeps_image(wish.outputs):
        tell_export(result.id, result.names, tell)
    put_out(shop.engine, result, wish.outputs, shop.config)
    return result


def build(engine: Engine, material: Material, tell: Tell) -> Result:
    """Build by labkit's own door, or by the classic one where there is no other."""
    way = door.build if door.is_there(engine) else classic.build
    return way(engine, material, tell)
