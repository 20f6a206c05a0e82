"""``docker build --check``: BuildKit's checks of a Dockerfile, and no build.

As JSON it is BuildKit's ``LintResults``, in its order, but for ``definition`` of a
source, which Go leaves out where there is none: BuildKit's own program by which it
loaded the file, with the id of a session that is over. We load files without one, and
what is in them is in ``data``.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from labkit.docker_cli.buildx.calls import Answer, document, encoded, location
from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.errors import BuildFailedError
from labkit.docker_cli.buildx.material import Material
from labkit.docker_cli.buildx.reading import Reading, excerpt_of, read_material
from labkit.dockerfile.check_options import given_options
from labkit.dockerfile.errors import Lines
from labkit.dockerfile.lint import BuildFacts, lint
from labkit.dockerfile.rules import LintWarning


def check(engine: Engine, material: Material) -> Answer:
    """Check the Dockerfile of a build; without a target all its stages are looked at.

    That it can't be built as it is written is what was found, too.
    """
    try:
        warnings = find_warnings(read_material(engine, material), material)
    except BuildFailedError as error:
        if error.source is None:
            raise
        said = f"{error}\n{error.source.excerpt()}"
        return Answer("", _json((), material, error), 1, said)
    return Answer(_text(warnings, material), _json(warnings, material), bool(warnings))


def find_warnings(reading: Reading, material: Material) -> tuple[LintWarning, ...]:
    report = lint(
        reading.dockerfile,
        BuildFacts(
            graph=reading.graph,
            targets=reading.targets,
            scopes=reading.scopes,
            builtins=reading.builtins,
            ignore=material.ignore,
            environments=reading.environments,
        ),
        given_options(material.options.get("buildargs", {})),
    )
    return report.warnings


def _text(warnings: Sequence[LintWarning], material: Material) -> str:
    count = len(warnings)
    if not count:
        return "Check complete, no warnings found.\n"
    verb = "warning has" if count == 1 else "warnings have"
    rows = [f"Check complete, {count} {verb} been found!"]
    for warning in sorted(warnings, key=lambda one: one.lines.first):
        rows += [
            "",
            f"WARNING: {warning.rule.name} - {warning.rule.url}",
            warning.message,
            excerpt_of(material, warning.lines).excerpt(),
        ]
    return "\n".join(rows) + "\n"


def _json(
    warnings: Sequence[LintWarning],
    material: Material,
    error: BuildFailedError | None = None,
) -> str:
    source = {
        "filename": material.dockerfile_name,
        "data": encoded(material.dockerfile_text or ""),
        "language": "Dockerfile",
    }
    found: dict[str, Any] = {
        "warnings": list(_warnings(warnings)) or None,
        "sources": [source],
    }
    if error is not None and error.source is not None:
        lines = Lines(error.source.first, error.source.last)
        found["buildError"] = {"message": str(error), "location": location(lines)}
    return document(found)


def _warnings(warnings: Sequence[LintWarning]) -> Iterator[dict[str, Any]]:
    for one in warnings:
        yield {
            "ruleName": one.rule.name,
            "description": one.rule.description,
            "url": one.rule.url,
            "detail": one.message,
            "location": location(one.lines),
        }
