"""``docker volume create``: a folder that outlives the containers that use it."""

import re
import shutil
from collections.abc import Mapping

from labkit.base.errors import ConflictError, InvalidInputError, NotFoundError
from labkit.base.files import sync_folder
from labkit.base.ids import new_id
from labkit.engine.engine import Engine
from labkit.engine.model import Volume
from labkit.engine.volumes.options import check_options, make_data_folder

_MOST_NAME_BYTES = 255
"""What a folder's name can have (``NAME_MAX``)."""

_ANONYMOUS = "com.docker.volume.anonymous"
"""The label of a volume that nobody gave a name; since Docker 23."""

_GRAMMAR = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")


async def create_volume(
    engine: Engine,
    name: str = "",
    driver: str = "local",
    labels: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
) -> Volume:
    """Return the volume of this name; a new one if there is none."""
    wanted = name or new_id()
    check_name(wanted)
    check_driver(wanted, driver)
    check_options(wanted, options or {})
    draft = Volume(
        name=wanted,
        created_at=engine.clock.now_ns(),
        mountpoint=str(engine.volume_folder(wanted) / "_data"),
        labels={**(labels or {}), **({} if name else {_ANONYMOUS: ""})},
        options=dict(options or {}),
        anonymous=not name,
    )
    return await engine.complete(
        _create(engine, draft),
        f"create volume {wanted}",
    )


def check_driver(name: str, driver: str) -> None:
    """Refuse a plug-in: there are none here."""
    if driver not in ("", "local"):
        raise NotFoundError(
            f"create {name}: error looking up volume plugin {driver}: "
            f'plugin "{driver}" not found'
        )


def check_name(name: str) -> None:
    if len(name) == 1:
        raise InvalidInputError(
            f"create {name}: volume name is too short, names should be at least two "
            "alphanumeric characters"
        )
    if not _GRAMMAR.fullmatch(name):
        raise InvalidInputError(
            f'create {name}: "{name}" includes invalid characters for a local volume '
            'name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to '
            "pass a host directory, use absolute path"
        )
    if len(name) > _MOST_NAME_BYTES:
        raise InvalidInputError(
            f"create {name}: volume name is too long, names can have at most "
            f"{_MOST_NAME_BYTES} characters"
        )


async def _create(engine: Engine, volume: Volume) -> Volume:
    async with engine.lock(f"volume {volume.name}"):
        known = engine.store.volume(volume.name)
        if known is not None:
            return known
        folder = engine.volume_folder(volume.name)
        data = folder / "_data"
        if folder.exists() and not (data.is_dir() or data.is_symlink()):
            raise ConflictError(f"create {volume.name}: {folder} is in the way")
        make_data_folder(data, volume.options)
        sync_folder(folder.parent)
        try:
            await engine.store.save(volume)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    engine.events.volume("create", volume)
    return volume
