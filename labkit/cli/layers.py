"""``labkit layers``: what the layers of an image hold, hide and waste."""

import json
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from labkit.base.units import spell_size
from labkit.cli.engine_process import ensure_engine
from labkit.layers.compare import describe_image, describe_saving, summary
from labkit.layers.look import look_at_image
from labkit.layers.model import ImageReport, LayerReport, Saving

_WASTED_SHOWN = 5
_OTHER_COLUMNS = 48
_NARROWEST = 16


@click.command()
@click.argument("image")
@click.option(
    "--built-in",
    "builder_name",
    metavar="IMAGE",
    help="Say what it saved: the stage it was built in (docker build --target).",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def layers(image: str, builder_name: str | None, as_json: bool) -> None:
    """Show an image's layers: instruction, size, files, and bytes nobody sees."""
    host = ensure_engine()
    saved = look_at_image(host, image)
    report = describe_image(image, saved)
    saving = None
    if builder_name:
        builder = look_at_image(host, builder_name)
        saving = describe_saving(builder_name, builder, saved)
    if as_json:
        click.echo(json.dumps(to_json(report, saving), indent=1, ensure_ascii=False))
    else:
        print_layers(Console(highlight=False), report, saving)


def to_json(report: ImageReport, saving: Saving | None) -> dict[str, object]:
    """Return a report as a document; the saving only where it was asked for."""
    document: dict[str, object] = asdict(report)
    if saving is not None:
        document["saving"] = {**asdict(saving), "saved_bytes": saving.saved_bytes}
    return document


def print_layers(console: Console, report: ImageReport, saving: Saving | None) -> None:
    """Print a table of the layers, what is wasted, and what a stage saved."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("#", justify="right")
    table.add_column("Instruction", no_wrap=True)
    for title in ("Size", "Added", "Changed", "Removed", "Wasted"):
        table.add_column(title, justify="right", no_wrap=True)
    for layer in report.layers:
        row = _cells(layer, max(_NARROWEST, console.width - _OTHER_COLUMNS))
        table.add_row(*row, style="dim" if layer.is_empty else "")
    console.print(table)
    console.print(f"\n{summary(report)}")
    _print_waste(console, report)
    if saving is not None:
        _print_saving(console, saving)


def shorten(text: str, width: int) -> str:
    """Cut a text that is too long; the dots say so."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _cells(layer: LayerReport, width: int) -> tuple[Text, ...]:
    counts = (layer.added, len(layer.changed), len(layer.removed))
    texts = [
        str(layer.number),
        shorten(layer.instruction, width),
        "" if layer.is_empty else spell_size(layer.size),
        *(str(count) if count else "" for count in counts),
        spell_size(layer.wasted_bytes) if layer.wasted_bytes else "",
    ]
    return tuple(Text(text) for text in texts)


def _print_waste(console: Console, report: ImageReport) -> None:
    wasted = [(layer.number, file) for layer in report.layers for file in layer.wasted]
    wasted.sort(key=lambda item: -item[1].size)
    for number, file in wasted[:_WASTED_SHOWN]:
        console.print(
            Text(
                f"  {spell_size(file.size)} /{file.path}: "
                f"in layer {number}, hidden by {file.hidden_by}"
            )
        )


def _print_saving(console: Console, saving: Saving) -> None:
    share = saving.saved_bytes / saving.builder_size if saving.builder_size else 0
    console.print(
        f"\nBuilt in {saving.builder} ({spell_size(saving.builder_size)}): "
        f"{saving.copied_files} files, {spell_size(saving.copied_bytes)}, come "
        f"from there;\nthe image has {spell_size(saving.size)}, "
        f"{spell_size(abs(saving.saved_bytes))} ({abs(share):.0%}) "
        f"{'less' if saving.saved_bytes >= 0 else 'more'}"
    )
