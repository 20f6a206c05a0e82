"""Values of flags as types."""

import pytest

from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.repack import Packing
from labkit.docker_cli.buildx.wish import (
    Context,
    Kind,
    Output,
    Secret,
    read_context,
    read_host,
    read_named_context,
    read_output,
    read_secret,
    read_ssh,
    read_tag,
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (".", Kind.FOLDER),
        ("-", Kind.STDIN),
        ("https://x/y.git#main", Kind.REMOTE),
        ("git@github.com:x/y.git", Kind.REMOTE),
        ("github.com/x/y", Kind.REMOTE),
    ],
)
def test_contexts(text: str, kind: Kind) -> None:
    assert read_context(text) == Context(kind, text)


def test_named_contexts() -> None:
    assert read_named_context("docker-image://a:1") == Context(Kind.IMAGE, "a:1")
    assert read_named_context("target:a") == Context(Kind.TARGET, "a")
    assert read_named_context("../x").kind is Kind.FOLDER
    assert read_named_context("oci-layout://x:1") == Context(Kind.LAYOUT, "x:1")
    assert read_named_context("https://x/y.tgz").kind is Kind.REMOTE


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("id=a,src=/b", Secret("a", "/b")),
        ("id=a,source=/b,type=file", Secret("a", "/b")),
        ("id=a,env=B", Secret("a", "", "B")),
        ("type=env,id=a,src=B", Secret("a", "", "B")),
        ("type=env,id=a", Secret("a", "", "a")),
        ("id=a", Secret("a", "a", "a")),
        ('"id=a","src=/b,c"', Secret("a", "/b,c")),
    ],
)
def test_secrets(text: str, secret: Secret) -> None:
    assert read_secret(text) == secret


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a", "invalid secret a: field 'a' must be a key=value pair"),
        ("src=/a", "secret missing ID"),
        ("id=a,foo=b", "unexpected key 'foo' in 'id=a,foo=b'"),
        ("id=a,type=x", 'unsupported secret type "x"'),
    ],
)
def test_refuses_secrets(text: str, said: str) -> None:
    with pytest.raises(BuildxError, match=said):
        read_secret(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("UPPER", 'invalid tag "UPPER": repository name must be lowercase'),
        ("a:b:c", 'invalid tag "a:b:c": invalid reference format'),
    ],
)
def test_refuses_tags(text: str, said: str) -> None:
    with pytest.raises(BuildxError, match=said):
        read_tag(text)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("a:1.2.3.4", "a:1.2.3.4"),
        ("a=1.2.3.4", "a:1.2.3.4"),
        ("a=[::1]", "a:::1"),
        ("a:host-gateway", "a:host-gateway"),
    ],
)
def test_hosts(text: str, host: str) -> None:
    assert read_host(text) == host


@pytest.mark.parametrize("text", ["a", ":1.2.3.4", "a:b", "a=", "a=1.2.3"])
def test_refuses_hosts(text: str) -> None:
    with pytest.raises(BuildxError, match=f"^invalid host {text}$"):
        read_host(text)


def test_agents() -> None:
    assert read_ssh("default") == ("default", "")
    assert read_ssh("x=/a.key,/b.key") == ("x", "/a.key,/b.key")


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("-", Output("tar", "-")),
        ("out", Output("local", "out")),
        ("type=local,dest=out", Output("local", "out")),
        ("type=tar", Output("tar", "-")),
        ("type=oci,dest=a.tar", Output("oci", "a.tar")),
        ("type=docker", Output("docker")),
        ("type=registry", Output("registry", push=True)),
        ("type=image,name=a,push=true", Output("image", "", "a", True)),
    ],
)
def test_outputs(text: str, output: Output) -> None:
    assert read_output(text) == output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("type=x", 'unknown exporter type "x"'),
        ("type=local", "dest is required for local exporter"),
        ("dest=x", "type is required for output"),
    ],
)
def test_refuses_outputs(text: str, said: str) -> None:
    with pytest.raises(BuildxError, match=said):
        read_output(text)


def test_archives_are_packed_as_they_are_asked_for() -> None:
    text = "type=oci,dest=x,tar=false,compression=zstd,compression-level=19"
    found = read_output(text)
    assert (found.tar, found.packing) == (False, Packing("zstd", 19))
    assert read_output("type=oci,dest=x").packing == Packing("gzip")
    for wrong, said in (
        ("type=oci,tar=false", "dest is required for oci exporter without tar"),
        ("type=oci,compression=lzma", "unsupported layer compression type lzma"),
        ("type=oci,compression-level=x", "gzip has no compression-level x"),
        ("type=oci,compression-level=10", "gzip has no compression-level 10"),
    ):
        with pytest.raises(BuildxError, match=said):
            read_output(wrong)
