"""``docker images``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_most
from labkit.docker_cli.client import filters_query
from labkit.docker_cli.commands import GROUPS
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.image.summary import IMAGES, is_dangling, rows_of
from labkit.docker_cli.listing import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.flags import Values

ARGUMENTS = at_most(1)

_COLUMNS = ("Repository", "Tag", "ID", "CreatedSince", "Size")
_NOT_IN_A_TREE = (
    ("quiet", "quiet"),
    ("no-trunc", "no-trunc"),
    ("digests", "show-digest"),
    ("format", "format"),
)
_RAW = (
    "repository: {{.Repository}}\n{{if .Tag}}tag: {{.Tag}}\n{{end -}}"
    "image_id: {{.ID}}\ncreated_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n"
)


def run(cli: Cli, call: Call) -> int:
    """List images."""
    values = call.values
    filters = values.list("filter") + [f"reference={name}" for name in call.arguments]
    query: dict[str, object] = {"all": "1"} if values.on("all") else {}
    if values.on("tree"):
        return _show_tree(cli, values, query | filters_query(filters))
    cli.client.greet()
    items = cli.client.get("/images/json", query | filters_query(filters))
    layout = values.text("format") or str(cli.config.values.get("imagesFormat") or "")
    digests = values.on("digests")
    cut = not values.on("no-trunc")
    rows = rows_of(items, digests or ".Digest" in layout)
    if values.on("quiet") and layout in ("", "table"):
        cli.write("".join(f"{IMAGES.fields['ID'](row, cut)}\n" for row in rows))
    else:
        cli.write(render(IMAGES, rows, _layout(layout, digests), cut))
    if not items and call.path == "docker images":
        _hint(cli, call.arguments)
    return 0


def _hint(cli: Cli, names: list[str]) -> None:
    """Tell who typed ``docker images ls`` what they may have meant."""
    verb = names[0] if names else ""
    if verb == "list" or verb in GROUPS["image"].split():
        cli.error(
            f'\nNo images found matching "{verb}": did you mean "docker image {verb}"?'
        )


def _show_tree(cli: Cli, values: Values, query: dict[str, object]) -> int:
    for flag, named in _NOT_IN_A_TREE:
        if values.on(flag):
            raise CliError(f"--{named} is not yet supported with --tree")
    # Late: hardly anybody asks for it.
    from labkit.docker_cli.image.tree import render_tree

    items = cli.client.get("/images/json", {**query, "manifests": "1"})
    if not values.on("all"):
        items = [item for item in items if not is_dangling(item)]
    cli.write(render_tree(items))
    return 0


def _layout(layout: str, digests: bool) -> str | tuple[str, ...]:
    if layout in ("", "table"):
        return (*_COLUMNS[:2], "Digest", *_COLUMNS[2:]) if digests else _COLUMNS
    return _RAW if layout == "raw" else layout
