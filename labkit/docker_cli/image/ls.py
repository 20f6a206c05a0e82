"""``docker images``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_most
from labkit.docker_cli.client import filters_query
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.image.summary import IMAGES, rows_of
from labkit.docker_cli.listing import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = at_most(1)

_COLUMNS = ("Repository", "Tag", "ID", "CreatedSince", "Size")
_RAW = (
    "repository: {{.Repository}}\n{{if .Tag}}tag: {{.Tag}}\n{{end -}}"
    "image_id: {{.ID}}\ncreated_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n"
)


def run(cli: Cli, call: Call) -> int:
    """List images."""
    values = call.values
    if values.on("tree"):
        raise CliError(
            "--tree is not part of the bundled docker: it lists platforms, and "
            "this one has a single one"
        )
    filters = values.list("filter") + [f"reference={name}" for name in call.arguments]
    query: dict[str, object] = {"all": "1"} if values.on("all") else {}
    items = cli.client.get("/images/json", query | filters_query(filters))
    layout = values.text("format") or str(cli.config.values.get("imagesFormat") or "")
    digests = values.on("digests")
    cut = not values.on("no-trunc")
    rows = rows_of(items, digests or ".Digest" in layout)
    if values.on("quiet") and layout in ("", "table"):
        cli.write("".join(f"{IMAGES.fields['ID'](row, cut)}\n" for row in rows))
    else:
        cli.write(render(IMAGES, rows, _layout(layout, digests), cut))
    return 0


def _layout(layout: str, digests: bool) -> str | tuple[str, ...]:
    if layout in ("", "table"):
        return (*_COLUMNS[:2], "Digest", *_COLUMNS[2:]) if digests else _COLUMNS
    return _RAW if layout == "raw" else layout
