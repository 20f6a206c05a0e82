"""``docker buildx ls`` and ``inspect``: there is one builder, the engine's own."""

import sys
from collections.abc import Sequence
from typing import Any

from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.flags import Command, Flag, Given, Kind
from labkit.docker_cli.buildx.release import VERSION
from labkit.docker_cli.buildx.shop import Shop

LS = Command("docker buildx ls", "List builder instances", ())
INSPECT = Command(
    "docker buildx inspect [NAME]",
    "Inspect current builder instance",
    (
        Flag("bootstrap", Kind.BOOL, "Ensure builder has booted before inspecting"),
        Flag("builder", Kind.TEXT, "Override the configured builder instance"),
    ),
    most=1,
)
_VERSION = Command("docker buildx version", "Show buildx version information", ())
DEFAULT = "default"


def ls(shop: Shop, given: Given) -> int:
    """List the one builder."""
    found = _ask(shop)
    rows = [
        ("NAME/NODE", "DRIVER/ENDPOINT", "STATUS", "BUILDKIT", "PLATFORMS"),
        (f"{DEFAULT}*", "docker", "", "", ""),
        (f" \\_ {DEFAULT}", f" \\_ {DEFAULT}", *found),
    ]
    sys.stdout.write(table(rows))
    return 0


def inspect(shop: Shop, given: Given) -> int:
    """Say what there is to know of the builder."""
    name = (given.arguments or [given.text("builder", DEFAULT)])[0]
    if name != DEFAULT:
        raise BuildxError(f'no builder "{name}" found')
    status, version, platforms = _ask(shop)
    sys.stdout.write(
        f"Name:   {DEFAULT}\nDriver: docker\n\nNodes:\nName:             {DEFAULT}\n"
        f"Endpoint:         {DEFAULT}\nStatus:           {status}\n"
        f"BuildKit version: {version}\nPlatforms:        {platforms}\n"
    )
    return 0


def version(shop: Shop, given: Given) -> int:
    """Say which buildx this is."""
    sys.stdout.write(f"github.com/docker/buildx {VERSION}\n")
    return 0


COMMANDS = {
    "inspect": (INSPECT, inspect),
    "ls": (LS, ls),
    "version": (_VERSION, version),
}


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Print rows in columns, three blanks between."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = (
        "   ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _ask(shop: Shop) -> tuple[str, str, str]:
    try:
        found: dict[str, Any] = shop.engine.get("/version")
    except BuildxError:
        return "error", "", ""
    platform = f"{found.get('Os', 'linux')}/{found.get('Arch', 'amd64')}"
    return "running", str(found.get("Version", "")), platform
