"""Run the checks on a Dockerfile, for the tests of each."""

from collections.abc import Mapping

from labkit.dockerfile.expand import expand
from labkit.dockerfile.graph import find_target, link_stages
from labkit.dockerfile.ignore import read_ignore_file
from labkit.dockerfile.lint import BuildFacts, LintReport, lint
from labkit.dockerfile.scopes import open_scopes, platform_args
from labkit.dockerfile.stages import Dockerfile, read_dockerfile
from labkit.spec.image import Platform

AMD64 = Platform("amd64", "linux")


def read_facts(
    text: str,
    ignore: str = "",
    target: str = "",
    build_args: Mapping[str, str] = {},
    environments: Mapping[int, Mapping[str, str]] = {},
) -> tuple[Dockerfile, BuildFacts]:
    dockerfile = read_dockerfile(text)
    builtins = platform_args(AMD64, AMD64, target)
    scopes = open_scopes(dockerfile, build_args, builtins)
    scope = scopes.from_scope()
    bases = [expand(stage.from_, scope).base for stage in dockerfile.stages]
    facts = BuildFacts(
        graph=link_stages(dockerfile, bases),
        targets=(find_target(dockerfile, target).index,),
        scopes=scopes,
        builtins=builtins,
        ignore=read_ignore_file(ignore),
        environments=environments,
    )
    return dockerfile, facts


def linted(
    text: str,
    ignore: str = "",
    target: str = "",
    build_args: Mapping[str, str] = {},
    environments: Mapping[int, Mapping[str, str]] = {},
) -> LintReport:
    return lint(*read_facts(text, ignore, target, build_args, environments))


def found(text: str, ignore: str = "", target: str = "") -> list[str]:
    return [str(warning) for warning in linted(text, ignore, target).warnings]
