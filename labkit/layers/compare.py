"""What a layer does to those below it, and what of it a later one hides."""

from collections.abc import Iterable, Iterator

from labkit.base.units import spell_size
from labkit.layers.instruction import instruction_of
from labkit.layers.model import (
    File,
    ImageReport,
    Layer,
    LayerReport,
    SavedImage,
    Saving,
    Step,
    WastedFile,
)

_LARGEST = 5


def describe_image(name: str, image: SavedImage) -> ImageReport:
    """Follow an image from its lowest layer to the highest."""
    wasted = _find_waste(image.steps)
    below: dict[str, File] = {}
    reports: list[LayerReport] = []
    for number, step in enumerate(image.steps, start=1):
        report = _describe_step(number, step, below, tuple(wasted.get(number, ())))
        reports.append(report)
        if step.layer is not None:
            below = apply(below, step.layer)
    return ImageReport(
        image=name,
        id=image.id,
        size=sum(report.size for report in reports),
        wasted_bytes=sum(report.wasted_bytes for report in reports),
        layers=tuple(reports),
    )


def summary(report: ImageReport) -> str:
    """Say how big an image is, and how much of that nobody can see."""
    count = sum(not layer.is_empty for layer in report.layers)
    return (
        f"{report.image}: {count} {'layer' if count == 1 else 'layers'}, "
        f"{spell_size(report.size)}, "
        f"of which {spell_size(report.wasted_bytes)} can't be seen"
    )


def describe_saving(
    builder_name: str, builder: SavedImage, image: SavedImage
) -> Saving:
    """Say what an image took of the one that it was built in."""
    offered = {
        file.content for file in visible_files(builder).values() if file.size > 0
    }
    inherited = {step.digest for step in builder.steps if step.layer is not None}
    own: dict[str, File] = {}  # at last: one step may copy what the next one changes
    for step in image.steps:
        if step.layer is not None and step.digest not in inherited:
            own = apply(own, step.layer)
    copied = [
        file for file in own.values() if file.content in offered and file.size > 0
    ]
    return Saving(
        builder=builder_name,
        builder_size=_total(builder),
        size=_total(image),
        copied_files=len(copied),
        copied_bytes=sum(file.size for file in copied),
    )


def visible_files(image: SavedImage) -> dict[str, File]:
    """Return what a container of an image sees."""
    seen: dict[str, File] = {}
    for step in image.steps:
        if step.layer is not None:
            seen = apply(seen, step.layer)
    return seen


def apply(below: dict[str, File], layer: Layer) -> dict[str, File]:
    """Lay a layer over files."""
    hidden = {path for path, _ in hidden_files(below, layer)}
    kept = {path: file for path, file in below.items() if path not in hidden}
    return {**kept, **layer.files}


def hidden_files(below: dict[str, File], layer: Layer) -> Iterator[tuple[str, File]]:
    """Yield the files that a layer takes away or puts others in place of.

    A folder over a folder hides nothing: their contents are merged.
    """
    for path, file in below.items():
        above = layer.files.get(path)
        if above is not None:
            if not (above.is_folder and file.is_folder):
                yield path, file
        elif _is_taken_away(path, layer):
            yield path, file


def _is_taken_away(path: str, layer: Layer) -> bool:
    if path in layer.removed:
        return True
    for parent in _parents(path):
        if parent in layer.removed or parent in layer.emptied:
            return True
        over = layer.files.get(parent)
        if over is not None and not over.is_folder:  # a file where a folder was
            return True
    return False


def _parents(path: str) -> Iterator[str]:
    parts = path.split("/")
    for end in range(len(parts) - 1, 0, -1):
        yield "/".join(parts[:end])


def _describe_step(
    number: int, step: Step, below: dict[str, File], wasted: tuple[WastedFile, ...]
) -> LayerReport:
    layer = step.layer or Layer()
    files = {path: file for path, file in layer.files.items() if not file.is_folder}
    gone = {path: file for path, file in hidden_files(below, layer)
            if not file.is_folder}  # fmt: skip
    changed = sorted(path for path in files if path in gone)
    removed = sorted(path for path in gone if path not in files)
    largest = sorted(files, key=lambda path: (-files[path].size, path))
    return LayerReport(
        number=number,
        instruction=instruction_of(step.created_by),
        digest=step.digest,
        is_empty=step.layer is None,
        size=sum(file.size for file in files.values()),
        added=len(files) - len(changed),
        changed=tuple(changed),
        removed=tuple(removed),
        largest=tuple(path for path in largest[:_LARGEST] if files[path].size),
        wasted_bytes=sum(file.size for file in wasted),
        wasted=wasted,
    )


def _find_waste(steps: Iterable[Step]) -> dict[int, list[WastedFile]]:
    """Find the bytes of each step that a later one hides: they are sent, never seen."""
    owner: dict[str, int] = {}
    seen: dict[str, File] = {}
    wasted: dict[int, list[WastedFile]] = {}
    for number, step in enumerate(steps, start=1):
        if step.layer is None:
            continue
        for path, file in hidden_files(seen, step.layer):
            if file.size:
                lost = WastedFile(path, file.size, hidden_by=number)
                wasted.setdefault(owner[path], []).append(lost)
        seen = apply(seen, step.layer)
        owner.update(dict.fromkeys(step.layer.files, number))
    for files in wasted.values():
        files.sort(key=lambda file: (-file.size, file.path))
    return wasted


def _total(image: SavedImage) -> int:
    layers = [step.layer for step in image.steps if step.layer is not None]
    return sum(file.size for layer in layers for file in layer.files.values())
