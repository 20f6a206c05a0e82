"""``labkit verify``: what receipts are worth."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from labkit.base.errors import InvalidInputError, os_reason
from labkit.base.files import open_regular
from labkit.grading.receipt.document import SignedReceipt
from labkit.grading.receipt.roster import read_roster
from labkit.grading.receipt.verify import (
    Standing,
    Verified,
    find_twins,
    verify_receipt,
)
from labkit.grading.report.document import report_document
from labkit.grading.report.plain import printable
from labkit.grading.report.table import render_grade

FORMAT_VERSION = 1
_MOST_BYTES = 64 << 20
_EXIT_CODES = {
    Standing.VALID: 0,
    Standing.NOT_VALID: 1,
    Standing.COULD_NOT_CHECK: 2,
}
_SIGNS = {
    Standing.VALID: ("✔ valid", "green"),
    Standing.NOT_VALID: ("✘ not valid", "red"),
    Standing.COULD_NOT_CHECK: ("? not checked", "yellow"),
}


@click.command()
@click.argument(
    "files", type=click.Path(path_type=Path), metavar="FILE...", nargs=-1, required=True
)
@click.option("--key", "keys", metavar="FINGERPRINT", multiple=True, help="Trust it.")
@click.option(
    "--keys",
    "roster",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Trust these keys: a fingerprint and a name a line.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, nothing else.")
def verify(
    files: tuple[Path, ...], keys: tuple[str, ...], roster: Path | None, as_json: bool
) -> None:
    """Verify receipts: the signature, and the grade by judging once more.

    The points that it prints are those of the second judgement: they count. Whose key
    it was says its fingerprint (`labkit receipt --key`); with --key or --keys a
    receipt by any other key is not valid.

    Exit code 0: all are valid; 1: one is not; 2: one could not be checked.
    """
    trusted = _trusted(keys, roster)
    found = {str(path): _verify(path, trusted) for path in dict.fromkeys(files)}
    if as_json:
        document = _document(found, trusted or {})
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        _print(Console(highlight=False), found, trusted or {})
    sys.exit(max(_EXIT_CODES[item.standing] for item in found.values()))


def _trusted(keys: Sequence[str], roster: Path | None) -> dict[str, str] | None:
    """Return the names of the trusted keys by fingerprint; None trusts everybody."""
    if not keys and roster is None:
        return None
    names = read_roster(roster.read_text("utf-8", "replace")) if roster else {}
    for key in keys:
        names.update(read_roster(key))
    if not names:
        raise InvalidInputError(f"{roster} names no key")
    return names


def _verify(path: Path, trusted: Mapping[str, str] | None) -> Verified:
    try:
        file = open_regular(path)
    except OSError as error:
        return _unread(os_reason(error))
    if file is None:
        return _unread("no such file" if not path.exists() else "it is no file")
    with file:
        data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        return Verified(Standing.NOT_VALID, "it is too large for a receipt")
    return verify_receipt(data, trusted)


def _unread(reason: str) -> Verified:
    return Verified(Standing.COULD_NOT_CHECK, f"cannot read it: {reason}")


def _print(
    console: Console, found: Mapping[str, Verified], names: Mapping[str, str]
) -> None:
    if len(found) == 1:
        (item,) = found.values()
        for grade in item.grades if item.standing is Standing.VALID else ():
            console.print(render_grade(grade))
    for name, item in found.items():
        console.print(_headline(name, item), soft_wrap=True)
        if item.signed is not None:
            console.print(_facts(item, item.signed, names))
    for name, other in find_twins(found).items():
        note = f"! {name} shows the very containers or networks of {other}, "
        console.print(Text(printable(f"{note}by another key")), soft_wrap=True)
    if len(found) > 1:
        console.print(_count(found))


def _headline(name: str, item: Verified) -> Text:
    sign, style = _SIGNS[item.standing]
    line = Text(sign, style=style)
    line.append(f"  {printable(name)}", style="default")
    if item.reason:
        line.append(f": {printable(item.reason)}", style="default")
    return line


def _facts(item: Verified, signed: SignedReceipt, names: Mapping[str, str]) -> Table:
    receipt = signed.receipt
    owner = names.get(signed.fingerprint, "")
    rows = {
        "chapter": receipt.chapter,
        "points": f"{item.points} of {item.possible}" if item.grades else "",
        "gaps": f"{item.unchecked} could not be checked" if item.unchecked else "",
        "name": receipt.name,
        "key": f"{signed.fingerprint}  {owner}".rstrip(),
        "issued": f"{receipt.issued} by its maker's clock, labkit {receipt.labkit}",
    }
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for title, text in rows.items():
        if text:
            grid.add_row(f"    {title}", Text(printable(text)))
    return grid


def _count(found: Mapping[str, Verified]) -> str:
    standings = [item.standing for item in found.values()]
    counts = [
        f"{standings.count(standing)} {standing.value}"
        for standing in Standing
        if standing in standings
    ]
    return ", ".join(counts)


def _document(
    found: Mapping[str, Verified], names: Mapping[str, str]
) -> dict[str, Any]:
    twins = find_twins(found)
    rows = [
        {"file": name, **_row(item, names), "twin_of": twins.get(name)}
        for name, item in found.items()
    ]
    return {"version": FORMAT_VERSION, "receipts": rows}


def _row(item: Verified, names: Mapping[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "standing": item.standing.value,
        "reason": item.reason or None,
        "report": report_document(item.grades) if item.grades else None,
    }
    if item.signed is not None:
        receipt = item.signed.receipt
        row |= {
            "chapter": receipt.chapter,
            "name": receipt.name,
            "key": item.signed.fingerprint,
            "key_of": names.get(item.signed.fingerprint),
            "issued": receipt.issued,
            "labkit": receipt.labkit,
        }
    return row
