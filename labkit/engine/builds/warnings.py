"""BuildKit's checks of a Dockerfile that is about to be built."""

from collections.abc import Iterable

from labkit.base.errors import LabError
from labkit.base.machine import host_architecture
from labkit.builder.model import BuildRequest
from labkit.builder.plan import SCRATCH, Plan, make_plan, parse_platform
from labkit.dockerfile.check_options import given_options
from labkit.dockerfile.frontends import check_frontend
from labkit.dockerfile.lint import BuildFacts, LintReport, lint
from labkit.dockerfile.scopes import platform_args
from labkit.dockerfile.stages import read_dockerfile
from labkit.engine.engine import Engine
from labkit.spec.image import Platform


async def find_warnings(
    engine: Engine, text: str, request: BuildRequest, contexts: Iterable[str]
) -> LintReport:
    """Check a Dockerfile, with the variables of those base images that are here.

    Raises:
        InvalidInputError: it can't be read, or is for a frontend that isn't here.
    """
    dockerfile = read_dockerfile(text)
    check_frontend(dockerfile, request.arguments)
    plan = make_plan(dockerfile, request, contexts)
    facts = BuildFacts(
        graph=plan.graph,
        targets=(plan.target,),
        scopes=plan.scopes,
        builtins=_builtins(request),
        environments=await _environments(engine, plan),
    )
    return lint(dockerfile, facts, given_options(request.arguments))


def _builtins(request: BuildRequest) -> dict[str, str]:
    host = Platform(host_architecture(), "linux")
    target = parse_platform(request.platform) if request.platform else host
    return platform_args(host, target, request.target)


async def _environments(engine: Engine, plan: Plan) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for planned in plan.stages:
        if planned.base_stage is not None or planned.base == SCRATCH:
            continue
        try:
            image = await engine.images.resolve(planned.base)
        except LabError:
            continue  # it will be pulled, or is none: the build will say so
        pairs = (one.partition("=") for one in image.config.config.env)
        found[planned.stage.index] = {name: value for name, _, value in pairs}
    return found
