"""``docker build --check``: BuildKit's checks of a Dockerfile, and no build."""

import sys

from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.errors import BuildFailedError, BuildxError, Source
from labkit.docker_cli.buildx.material import Material
from labkit.dockerfile.errors import DockerfileError, Fault
from labkit.dockerfile.expand import expand
from labkit.dockerfile.graph import Graph, find_target, link_stages
from labkit.dockerfile.lint import BuildFacts, LintReport, lint
from labkit.dockerfile.scopes import open_scopes, platform_args
from labkit.dockerfile.stages import Dockerfile, read_dockerfile
from labkit.spec.image import Platform


def check(engine: Engine, material: Material) -> int:
    """Check the Dockerfile of a build, and print what is found; 1 if it is something.

    Raises:
        BuildFailedError: it can't be built as it is written.
    """
    report = find_warnings(engine, material)
    sys.stdout.write(check_text(report, material))
    return 1 if report.warnings else 0


def find_warnings(engine: Engine, material: Material) -> LintReport:
    """Read and check the Dockerfile of a build.

    Raises:
        BuildFailedError: it can't be built as it is written.
    """
    text = material.dockerfile_text
    if text is None:
        return LintReport((), False)
    try:
        return _check(engine, material, read_dockerfile(text))
    except DockerfileError as error:
        where = Source(
            material.dockerfile_name, text, error.lines.first, error.lines.last
        )
        raise BuildFailedError(error.message, 1, where) from error
    except Fault as fault:
        raise BuildFailedError(str(fault)) from fault


def _check(engine: Engine, material: Material, dockerfile: Dockerfile) -> LintReport:
    options = material.options
    arguments = {k: v for k, v in options.get("buildargs", {}).items() if v is not None}
    platform = _platform(engine, options.get("platform", ""))
    builtins = platform_args(platform, platform, options.get("target", ""))
    scopes = open_scopes(dockerfile, arguments, builtins)
    scope = scopes.from_scope()
    bases = [expand(stage.from_, scope).base for stage in dockerfile.stages]
    graph = link_stages(dockerfile, bases, [*material.contexts, *material.images])
    target = find_target(dockerfile, options.get("target", "")).index
    return lint(
        dockerfile,
        BuildFacts(
            graph=graph,
            target=target,
            scopes=scopes,
            builtins=builtins,
            ignore=material.ignore,
            environments=_environments(engine, graph, target),
        ),
    )


def _environments(
    engine: Engine, graph: Graph, target: int
) -> dict[int, dict[str, str]]:
    """Ask for the variables of the base images that the engine has."""
    found: dict[int, dict[str, str]] = {}
    for index in graph.needed(target):
        base = graph.base(index)
        if base.stage is not None or base.source == "scratch":
            continue
        try:
            config = engine.get(f"/images/{base.source}/json").get("Config") or {}
        except BuildxError:
            continue
        pairs = (one.partition("=") for one in config.get("Env") or ())
        found[index] = {name: value for name, _, value in pairs}
    return found


def _platform(engine: Engine, asked: str) -> Platform:
    if asked:
        os_, _, rest = asked.partition("/")
        architecture, _, variant = rest.partition("/")
        return Platform(architecture or "amd64", os_, variant or None)
    found = engine.get("/version")
    return Platform(found.get("Arch", "amd64"), found.get("Os", "linux"))


def check_text(report: LintReport, material: Material) -> str:
    """Return what ``--check`` prints."""
    count = len(report.warnings)
    if not count:
        return "Check complete, no warnings found.\n"
    verb = "warning has" if count == 1 else "warnings have"
    rows = [f"Check complete, {count} {verb} been found!"]
    for warning in report.warnings:
        text, lines = material.dockerfile_text or "", warning.lines
        source = Source(material.dockerfile_name, text, lines.first, lines.last)
        rows += [
            "",
            f"WARNING: {warning.rule.name} - {warning.rule.url}",
            warning.message,
            source.excerpt(),
        ]
    return "\n".join(rows) + "\n"
