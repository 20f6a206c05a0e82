"""A build without an engine: layers are folders, images are made of dictionaries.

``FolderLayers`` keeps the contract of ``builder.ports.Layers``, which the image store
keeps in ``tests/system``; commands are Python functions on the folder that they change.
"""

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from labkit.base.digest import Digest, chain_id
from labkit.base.errors import NotFoundError
from labkit.base.reference import Reference, parse_reference
from labkit.builder.bench import Bench
from labkit.builder.cache import BuildCache
from labkit.builder.contents import digest_contents
from labkit.builder.execute import build, plan_build, read_epoch
from labkit.builder.halt import Halt
from labkit.builder.model import (
    BuildInput,
    BuildRequest,
    Built,
    Event,
    StepCached,
    StepOutput,
)
from labkit.builder.ports import Order, Outcome, Print
from labkit.images.model import BuiltLayer, Image
from labkit.images.store import spell_config
from labkit.images.transfer import PullEvent
from labkit.spec.image import ContainerDefaults, ImageConfig, RootFs

FIRST_NS = 1_700_000_000_000_000_000

Command = Callable[["Ran"], int | None]


@dataclass
class Ran:
    """What a fake command sees: its order, the folder that it changes, its output."""

    order: Order
    upper: Path
    out: Print


class TickingClock:
    def __init__(self) -> None:
        self._now = FIRST_NS
        self._guard = threading.Lock()

    def now_ns(self) -> int:
        with self._guard:
            self._now += 1_000_000_000
            return self._now


@dataclass
class FolderLayers:
    root: Path
    kept: list[Digest] = field(default_factory=list)
    sealed: list[Digest] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)

    def chain_ids(self, image: Image) -> tuple[Digest, ...]:
        return image.chain_ids

    def layer_path(self, chain_id: Digest) -> Path:
        return self.root / chain_id.hex

    def has_layer(self, chain_id: Digest) -> bool:
        return self.layer_path(chain_id).exists()

    def stack(self, diff_ids: Sequence[Digest]) -> None:
        chain = chain_id(diff_ids)
        source = next(self.root.glob(f"*/../{diff_ids[-1].hex}.diff"), None)
        assert source is not None
        shutil.copytree(source, self.layer_path(chain), symlinks=True)
        self.kept.append(chain)

    def adopt(self, folder: Path, below: Sequence[Digest]) -> BuiltLayer | None:
        if not any(folder.iterdir()):
            return None
        diff_id = digest_contents(folder)
        chain = chain_id((*below, diff_id))
        if not self.has_layer(chain):
            folder.rename(self.layer_path(chain))
        copy = self.root / f"{diff_id.hex}.diff"
        if not copy.exists():
            shutil.copytree(self.layer_path(chain), copy, symlinks=True)
        self.kept.append(chain)
        return BuiltLayer(diff_id, chain, 7)

    def seal(self, layers: Sequence[BuiltLayer]) -> None:
        self.sealed += [layer.chain_id for layer in layers]

    def keep(self, chain_ids: Iterable[Digest]) -> None:
        self.kept += chain_ids

    def let_go(self, chain_ids: Iterable[Digest]) -> None:
        for chain in chain_ids:
            self.kept.remove(chain)

    def record(self, config: ImageConfig, names: Sequence[Reference] = ()) -> Image:
        chains = tuple(
            chain_id(config.rootfs.diff_ids[: at + 1])
            for at in range(len(config.rootfs.diff_ids))
        )
        image_id = Digest.of(spell_config(config))
        image = Image(image_id, config, tuple(names), (), 0, 0, chains)
        return self._name(image, names)

    def rename(self, image_id: str, names: Sequence[Reference]) -> Image:
        return self._name(self.images[image_id], names)

    def _name(self, image: Image, names: Sequence[Reference]) -> Image:
        self.images[image.id.text] = image
        for name in names:
            self.images[name.familiar] = image
        return image


@dataclass
class Workshop:
    """Builds Dockerfiles; ``commands`` are what a RUN's last word stands for."""

    root: Path
    commands: dict[str, Command] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    stopped: int = 0

    def __post_init__(self) -> None:
        for name in ("layers", "context", "work"):
            (self.root / name).mkdir()
        self.clock = TickingClock()
        self.layers = FolderLayers(self.root / "layers")
        self.cache = BuildCache(self.root, self.layers, self.clock)
        self.put_image("base", {"etc/passwd": "root:x:0:0::/root:\napp:x:7:8::/:\n"})

    @property
    def context(self) -> Path:
        return self.root / "context"

    def put_image(self, name: str, files: Mapping[str, str], **config: object) -> Image:
        folder = self.root / "new-image"
        folder.mkdir()
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        layer = self.layers.adopt(folder, ())
        diff_ids = (layer.diff_id,) if layer else ()
        return self.layers.record(
            ImageConfig(
                "amd64",
                "linux",
                ContainerDefaults(**config),  # type: ignore[arg-type]
                RootFs(diff_ids=diff_ids),
            ),
            [parse_reference(f"{name}:latest")],
        )

    def write(self, path: str, text: str = "", mode: int = 0o644) -> Path:
        """Put a file into the context."""
        file = self.context / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)
        return file

    def build(
        self,
        *lines: str,
        request: BuildRequest | None = None,
        **source: object,
    ) -> Built:
        """Build; the events are those of this build only."""
        self.events.clear()
        bench = self.bench("\n".join(lines), request or BuildRequest(), **source)
        return build(bench, plan_build(bench))

    def build_without_context(self, *lines: str) -> Built:
        bench = self.bench("\n".join(lines), BuildRequest())
        bench = replace(bench, input=replace(bench.input, context=None))
        return build(bench, plan_build(bench))

    def bench(self, text: str, request: BuildRequest, **source: object) -> Bench:
        given = BuildInput(text, self.context, **source)  # type: ignore[arg-type]
        return Bench(
            request,
            given,
            images=self,
            layers=self.layers,
            runner=self,
            cache=self.cache,
            clock=self.clock,
            tell=self.events.append,
            scratch=self.root / "work",
            halt=Halt(),
            epoch=read_epoch(request.arguments),
        )

    # -- what the builder asks for

    def find(
        self,
        name: str,
        platform: str,
        pull: bool,
        tell: Callable[[PullEvent], None],
    ) -> Image:
        try:
            return self.layers.images[parse_reference(f"{name}:latest").familiar]
        except KeyError as error:
            raise NotFoundError(f"No such image: {name}") from error

    def find_source(self, name: str) -> Image | None:
        wanted = parse_reference(f"{name}:latest").familiar
        return self.layers.images.get(wanted)

    @contextmanager
    def run(self, order: Order, out: Print) -> Iterator[Outcome]:
        self.orders.append(order)
        upper = self.root / "work" / f"upper-{order.container_id}"
        upper.mkdir()
        try:
            command = self.commands.get(order.args[-1], lambda _: 0)
            yield Outcome(command(Ran(order, upper, out)) or 0, upper)
        finally:
            shutil.rmtree(upper, ignore_errors=True)

    def stop(self) -> None:
        self.stopped += 1

    # -- what tests ask

    def files(self, built: Built) -> dict[str, str]:
        """Return the texts of all files of an image, later layers winning."""
        found: dict[str, str] = {}
        for chain in built.image.chain_ids:
            layer = self.layers.layer_path(chain)
            for path in sorted(layer.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    found[str(path.relative_to(layer))] = path.read_text()
        return found

    def top(self, built: Built) -> Path:
        """Return the folder of an image's uppermost layer."""
        return self.layers.layer_path(built.image.chain_ids[-1])

    @property
    def cached(self) -> list[int]:
        """The numbers of the steps that came from the cache."""
        return [one.step.number for one in self.events if isinstance(one, StepCached)]

    @property
    def output(self) -> str:
        printed = [one.data for one in self.events if isinstance(one, StepOutput)]
        return b"".join(printed).decode()


def history(built: Built) -> list[str]:
    """Return what the history says, without dates."""
    return [entry.created_by or "" for entry in built.image.config.history]
