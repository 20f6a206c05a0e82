"""A Dockerfile as it is read on this side, for those who ask and build nothing."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.errors import BuildFailedError, BuildxError, Source
from labkit.docker_cli.buildx.material import Material
from labkit.dockerfile.errors import DockerfileError, Fault, Lines
from labkit.dockerfile.expand import expand
from labkit.dockerfile.graph import Graph, find_target, link_stages
from labkit.dockerfile.scopes import Scopes, open_scopes, platform_args
from labkit.dockerfile.stages import Dockerfile, read_dockerfile
from labkit.spec.image import Platform


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a build before it is one; see ``dockerfile.lint.BuildFacts``.

    ``targets`` are the stages that were asked for: all of them if none was.
    """

    dockerfile: Dockerfile
    graph: Graph
    targets: tuple[int, ...]
    scopes: Scopes
    builtins: Mapping[str, str]
    environments: Mapping[int, Mapping[str, str]]


def read_material(engine: Engine, material: Material) -> Reading:
    """Read the Dockerfile of a build.

    Raises:
        BuildFailedError: it can't be built as it is written.
        BuildxError: it isn't here, but where the engine gets the context.
    """
    if material.dockerfile_text is None:
        raise BuildxError("the Dockerfile isn't on this machine: it can't be read here")
    with blaming(material):
        return _read(engine, material, read_dockerfile(material.dockerfile_text))


@contextmanager
def blaming(material: Material) -> Iterator[None]:
    """Say of what is wrong in the Dockerfile where it stands."""
    try:
        yield
    except DockerfileError as error:
        where = excerpt_of(material, error.lines)
        raise BuildFailedError(error.message, 1, where) from error
    except Fault as fault:
        raise BuildFailedError(str(fault)) from fault


def excerpt_of(material: Material, lines: Lines) -> Source:
    text = material.dockerfile_text or ""
    return Source(material.dockerfile_name, text, lines.first, lines.last)


def _read(engine: Engine, material: Material, dockerfile: Dockerfile) -> Reading:
    options = material.options
    arguments = {k: v for k, v in options.get("buildargs", {}).items() if v is not None}
    platform = _platform(engine, options.get("platform", ""))
    wanted = options.get("target", "")
    builtins = platform_args(platform, platform, wanted)
    scopes = open_scopes(dockerfile, arguments, builtins)
    scope = scopes.from_scope()
    bases = [expand(stage.from_, scope).base for stage in dockerfile.stages]
    graph = link_stages(dockerfile, bases, [*material.contexts, *material.images])
    targets: Sequence[int] = range(len(dockerfile.stages))
    if wanted:
        targets = (find_target(dockerfile, wanted).index,)
    return Reading(
        dockerfile,
        graph,
        tuple(targets),
        scopes,
        builtins,
        _environments(engine, graph, targets),
    )


def _environments(
    engine: Engine, graph: Graph, targets: Sequence[int]
) -> dict[int, dict[str, str]]:
    """Ask for the variables of the base images that the engine has."""
    found: dict[int, dict[str, str]] = {}
    for index in graph.needed(*targets):
        base = graph.base(index)
        if base.stage is not None or base.source == "scratch":
            continue
        try:
            image: dict[str, Any] = engine.get(f"/images/{base.source}/json")
        except BuildxError:
            continue
        pairs = (
            one.partition("=") for one in (image.get("Config") or {}).get("Env") or ()
        )
        found[index] = {name: value for name, _, value in pairs}
    return found


def _platform(engine: Engine, asked: str) -> Platform:
    if asked:
        os_, _, rest = asked.partition("/")
        architecture, _, variant = rest.partition("/")
        return Platform(architecture or "amd64", os_, variant or None)
    found = engine.get("/version")
    return Platform(found.get("Arch", "amd64"), found.get("Os", "linux"))
