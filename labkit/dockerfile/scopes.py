"""ARG: which value a name has, where.

- ARGs before the first FROM are in force in FROM lines only, each seeing those before.
- ARG in a stage brings a name into force there. Its value is that of ``--build-arg``;
  else its own default; else what the name was worth before the first FROM.
- Names of platforms (``TARGETARCH``...) are worth something before the first FROM
  without any ARG, and in a stage by ``ARG TARGETARCH`` without a default.
- Proxies may be given without an ARG; they reach RUN, and stay out of the image.
"""

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from labkit.dockerfile.directives import DEFAULT_ESCAPE
from labkit.dockerfile.errors import located
from labkit.dockerfile.expand import Scope
from labkit.dockerfile.instructions import Arg, Definition
from labkit.dockerfile.stages import Dockerfile
from labkit.spec.image import Platform

# Predefined: allowed without an ARG, in small letters or capitals.
PROXIES = tuple(
    name
    for word in ("http", "https", "ftp", "no", "all")
    for name in (f"{word.upper()}_PROXY", f"{word}_proxy")
)


@dataclass(frozen=True, slots=True)
class Scopes:
    """What was given from outside, and what is in force in the FROM lines."""

    build_args: Mapping[str, str]
    globals: Mapping[str, str]
    escape: str = DEFAULT_ESCAPE

    def from_scope(self) -> Scope:
        """Return the scope in which FROM lines are expanded."""
        return Scope(self.globals, self.escape)

    def proxies(self) -> dict[str, str]:
        """Return the proxies that were given, each spelled both ways as in BuildKit.

        Some programs read one spelling only; what was given itself is as it was given.
        """
        given = {
            name: self.build_args[name] for name in PROXIES if name in self.build_args
        }
        found: dict[str, str] = {}
        for name, value in given.items():
            found |= {name.upper(): value, name.lower(): value}
        return found | given

    def resolve(self, arg: Arg, variables: Mapping[str, str]) -> tuple[Definition, ...]:
        """Return what an ARG of a stage sets: ``default`` is the value in force.

        ``variables`` are those in force before it; each name sees those on its left.

        Raises:
            DockerfileError: a default that is needed can't be expanded.
        """
        # Only the first of a chain's maps is written to.
        behind = cast(dict[str, str], variables)
        scope = Scope(ChainMap({}, behind), self.escape)
        with located(arg.lines):
            return tuple(self._resolve(one, scope) for one in arg.definitions)

    def _resolve(self, one: Definition, scope: Scope) -> Definition:
        if one.name in self.build_args:
            value: str | None = self.build_args[one.name]
        elif one.default is not None:
            value = scope.word(one.default)
        else:
            value = self.globals.get(one.name)
        if value is not None:
            _set(scope, one.name, value)
        return replace(one, default=value)


def open_scopes(
    dockerfile: Dockerfile, build_args: Mapping[str, str], builtins: Mapping[str, str]
) -> Scopes:
    """Work out what is in force in the FROM lines.

    Raises:
        DockerfileError: a default before the first FROM can't be expanded.
    """
    known = {name: build_args.get(name, value) for name, value in builtins.items()}
    scope = Scope(known, dockerfile.escape)
    for arg in dockerfile.meta_args:
        with located(arg.lines):
            for one in arg.definitions:
                if one.name in build_args:
                    known[one.name] = build_args[one.name]
                elif one.default is not None:
                    known[one.name] = scope.word(one.default)
    return Scopes(build_args, known, dockerfile.escape)


def platform_args(build: Platform, target: Platform, stage: str) -> dict[str, str]:
    """Return the names that BuildKit predefines: platforms, and the target's name."""
    return {
        **_platform_args("BUILD", build),
        **_platform_args("TARGET", target),
        "TARGETSTAGE": stage or "default",
    }


def format_platform(platform: Platform) -> str:
    """Return ``linux/arm64/v8``."""
    parts = (platform.os, platform.architecture, platform.variant)
    return "/".join(part for part in parts if part)


def _platform_args(prefix: str, platform: Platform) -> dict[str, str]:
    return {
        f"{prefix}PLATFORM": format_platform(platform),
        f"{prefix}OS": platform.os,
        f"{prefix}OSVERSION": "",
        f"{prefix}ARCH": platform.architecture,
        f"{prefix}VARIANT": platform.variant or "",
    }


def _set(scope: Scope, name: str, value: str) -> None:
    assert isinstance(scope.variables, ChainMap), "resolve() made this scope"
    scope.variables[name] = value
