"""Images and snapshots without layers' tars: one folder is the whole image."""

import shutil
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from labkit.base.digest import Digest
from labkit.base.errors import InternalError, NotFoundError
from labkit.base.reference import Reference, parse_reference
from labkit.images.model import HistoryLine, Image
from labkit.snapshots.model import Change, ChangeKind, OverlayDirs
from labkit.spec.image import ContainerDefaults, ImageConfig


class FakeImages:
    def __init__(self) -> None:
        self.asked: list[str] = []  # what was resolved
        self.images: dict[Digest, Image] = {}
        self.collected = 0

    def put(self, name: str, defaults: ContainerDefaults | None = None) -> Image:
        """Make an image; its id follows from its name."""
        digest = Digest.of(name.encode())
        config = ImageConfig("amd64", "linux", defaults or ContainerDefaults())
        image = Image(
            id=digest,
            config=config,
            names=(parse_reference(name),),
            repo_digests=(),
            size=1000,
            created_ns=len(self.images) + 1,
            chain_ids=(digest,),
        )
        self.images[digest] = image
        return image

    async def resolve(self, ref: str) -> Image:
        self.asked.append(ref)
        for image in self.images.values():
            if ref in (image.id.text, image.id.hex) or (
                len(ref) >= 12 and image.id.hex.startswith(ref)
            ):
                return image
        wanted = parse_reference(ref)
        for image in self.images.values():
            if wanted in image.references:
                return image
        raise NotFoundError(f"No such image: {wanted.familiar}")

    async def list(self) -> tuple[Image, ...]:
        return tuple(sorted(self.images.values(), key=lambda image: -image.created_ns))

    async def layer_sizes(self, image: Image) -> tuple[int, ...]:
        return tuple(image.size for _ in image.chain_ids)

    async def tag(self, image: Image, reference: Reference) -> None:
        for other in tuple(self.images.values()):
            names = tuple(name for name in other.names if name != reference)
            if other.id == image.id:
                names = (*names, reference)
            self.images[other.id] = replace(other, names=names)

    async def untag(self, reference: Reference) -> None:
        for other in tuple(self.images.values()):
            names = tuple(name for name in other.names if name != reference)
            digests = tuple(one for one in other.repo_digests if one != reference)
            self.images[other.id] = replace(other, names=names, repo_digests=digests)

    async def remove(
        self, image_id: Digest, in_use: Collection[Digest]
    ) -> tuple[Digest, ...]:
        chains = self.images.pop(image_id).chain_ids
        return tuple(chain for chain in chains if chain not in in_use)

    async def collect(self, in_use: Collection[Digest]) -> tuple[Digest, ...]:
        self.collected += 1
        return ()

    async def derive(
        self,
        tar: BinaryIO,
        describe: Callable[[Digest], ImageConfig],
        base: Image | None,
        names: Sequence[Reference],
    ) -> Image:
        diff_id = Digest.of(tar.read())
        config = describe(diff_id)
        number = len(self.images) + 1
        chains = (*(base.chain_ids if base else ()), diff_id)
        parent = base.id if base else None
        image = Image(
            Digest.of(b"%d" % number),
            config,
            (),
            (),
            1000,
            number,
            chains,
            parent,
        )
        self.images[image.id] = image
        for name in names:
            await self.tag(image, name)
        return self.images[image.id]

    async def chain_ids(self, image: Image) -> tuple[Digest, ...]:
        return image.chain_ids

    async def history(self, image: Image) -> tuple[HistoryLine, ...]:
        return (HistoryLine(image.id, 0, "CMD", "", 0, image.names),)


class FakeSnapshots:
    """Every image is the folder ``layer``."""

    def __init__(self, layer: Path) -> None:
        self.layer = layer
        self.fail_on = ""

    async def prepare(self, folder: Path, chain_ids: tuple[Digest, ...]) -> OverlayDirs:
        if self.fail_on == "prepare":
            self.fail_on = ""
            raise InternalError("prepare failed")
        for name in ("upper", "work", "rootfs"):
            (folder / name).mkdir(exist_ok=True)
        return OverlayDirs((self.layer,), folder / "upper", folder / "work")

    async def discard(self, folder: Path) -> None:
        for name in ("upper", "work", "rootfs"):
            shutil.rmtree(folder / name, ignore_errors=True)

    async def usage(self, dirs: OverlayDirs) -> int:
        return sum(path.stat().st_size for path in dirs.upper.rglob("*"))

    async def changes(self, dirs: OverlayDirs) -> tuple[Change, ...]:
        names = sorted(str(path.relative_to(dirs.upper)) for path in _files(dirs.upper))
        return tuple(Change(f"/{name}", ChangeKind.ADDED) for name in names)

    async def diff(self, dirs: OverlayDirs, out: BinaryIO) -> None:
        if self.fail_on == "diff":
            raise InternalError("diff failed")
        for path in sorted(_files(dirs.upper)):
            out.write(path.read_bytes())


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
