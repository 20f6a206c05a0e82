"""Which value an ARG has where."""

import pytest

from labkit.dockerfile.errors import DockerfileError
from labkit.dockerfile.expand import expand
from labkit.dockerfile.instructions import Arg
from labkit.dockerfile.scopes import (
    Scopes,
    format_platform,
    open_scopes,
    platform_args,
)
from labkit.dockerfile.stages import Dockerfile, read_dockerfile
from labkit.spec.image import Platform

AMD64 = Platform("amd64", "linux")
ARM = Platform("arm", "linux", "v7")


def opened(text: str, **build_args: str) -> tuple[Dockerfile, Scopes]:
    dockerfile = read_dockerfile(text)
    builtins = platform_args(AMD64, ARM, "")
    return dockerfile, open_scopes(dockerfile, build_args, builtins)


def bases(text: str, **build_args: str) -> list[str]:
    dockerfile, scopes = opened(text, **build_args)
    scope = scopes.from_scope()
    return [expand(stage.from_, scope).base for stage in dockerfile.stages]


def resolved(text: str, **build_args: str) -> dict[str, str | None]:
    dockerfile, scopes = opened(text, **build_args)
    found: dict[str, str | None] = {}
    for one in dockerfile.stages[-1].instructions:
        assert isinstance(one, Arg)
        known = {name: value for name, value in found.items() if value is not None}
        found |= {d.name: d.default for d in scopes.resolve(one, known)}
    return found


def test_from_sees_what_stands_before_it() -> None:
    text = "ARG V=1\nARG T=a:$V\nFROM $T\nFROM x-$TARGETARCH$BUILDARCH"
    assert bases(text) == ["a:1", "x-armamd64"]
    assert bases(text, V="2") == ["a:2", "x-armamd64"]
    assert bases(text, T="z", TARGETARCH="q") == ["z", "x-qamd64"]


def test_an_arg_of_a_stage_is_not_seen_by_from() -> None:
    assert bases("FROM a\nARG V=1\nFROM b$V") == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "build_args", "values"),
    [
        ("ARG V=1\nFROM a\nARG V", {}, {"V": "1"}),
        ("ARG V=1\nFROM a\nARG V=2", {}, {"V": "2"}),
        ("ARG V=1\nFROM a\nARG V", {"V": "3"}, {"V": "3"}),
        ("FROM a\nARG V=1 W=x$V", {}, {"V": "1", "W": "x1"}),
        ("FROM a\nARG V=1 W=x$V", {"V": "2"}, {"V": "2", "W": "x2"}),
        ("FROM a\nARG V", {}, {"V": None}),
        ("FROM a\nARG TARGETPLATFORM", {}, {"TARGETPLATFORM": "linux/arm/v7"}),
        ("FROM a\nARG TARGETSTAGE", {}, {"TARGETSTAGE": "default"}),
        ("FROM a\nARG TARGETARCH=x", {}, {"TARGETARCH": "x"}),
        ("FROM a\nARG V=${x", {"V": "1"}, {"V": "1"}),
    ],
)
def test_an_arg_of_a_stage(
    text: str, build_args: dict[str, str], values: dict[str, str | None]
) -> None:
    assert resolved(text, **build_args) == values


def test_a_default_that_makes_no_sense_has_its_line() -> None:
    with pytest.raises(DockerfileError, match="on line 2: failed to process"):
        opened("FROM a\nARG V=${x")[1].resolve(
            read_dockerfile("FROM a\nARG V=${x").stages[0].instructions[0],  # type: ignore[arg-type]
            {},
        )
    with pytest.raises(DockerfileError, match="on line 1: failed to process"):
        opened("ARG V=${x\nFROM a")


def test_proxies_need_no_arg() -> None:
    _, scopes = opened("FROM a", HTTP_PROXY="h", no_proxy="n", OTHER="o")
    both = {"HTTP_PROXY": "h", "http_proxy": "h", "no_proxy": "n", "NO_PROXY": "n"}
    assert scopes.proxies() == both
    _, scopes = opened("FROM a", ftp_proxy="low", FTP_PROXY="UP")
    assert scopes.proxies() == {"ftp_proxy": "low", "FTP_PROXY": "UP"}


def test_formats_platforms() -> None:
    assert format_platform(AMD64) == "linux/amd64"
    assert format_platform(ARM) == "linux/arm/v7"
