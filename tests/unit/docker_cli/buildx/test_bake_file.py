"""Bake files, as Compose sends them and as people write them."""

import json
from typing import Any

import pytest

from labkit.docker_cli.buildx.bake_file import BakeFile, override, read_bake, wish_of
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.wish import Cache, Context, Kind, Output, Secret, Wish


def baked(**values: Any) -> BakeFile:
    return read_bake([("f", json.dumps(values))])


def test_a_target_of_composes() -> None:
    target = {
        "context": "/app",
        "contexts": {"img": "docker-image://busybox", "base": "target:a"},
        "dockerfile": "/app/Dockerfile",
        "args": {"WHO": "me", "GIVEN": None},
        "labels": {"x": "y"},
        "tags": ["x:1"],
        "cache-from": ["z"],
        "target": "first",
        "secret": ["id=s1,type=file,src=/s"],
        "ssh": ["default="],
        "platforms": ["linux/amd64"],
        "pull": True,
        "no-cache": True,
        "network": "host",
        "shm-size": "67108864",
        "ulimits": ["nofile=100"],
        "extra-hosts": {"box": "1.2.3.4"},
        "output": ["type=docker"],
    }
    assert wish_of(baked(target={"a": target}).target("a")) == Wish(
        context=Context(Kind.FOLDER, "/app"),
        dockerfile="/app/Dockerfile",
        target="first",
        arguments={"WHO": "me"},
        labels={"x": "y"},
        tags=("x:1",),
        contexts={
            "img": Context(Kind.IMAGE, "busybox"),
            "base": Context(Kind.TARGET, "a"),
        },
        secrets=(Secret("s1", "/s"),),
        ssh={"default": ""},
        cache_from=(Cache("registry", "z"),),
        outputs=(Output("docker"),),
        platform="linux/amd64",
        network="host",
        extra_hosts=("box:1.2.3.4",),
        shm_size="67108864",
        ulimits=("nofile=100",),
        no_cache=True,
        pull=True,
    )


def test_newer_files_have_maps() -> None:
    target = {"secret": [{"id": "s", "src": "/s"}], "output": [{"type": "docker"}]}
    found = wish_of({**target, "ssh": [{"id": "k", "paths": ["/a"]}]})
    assert (found.secrets, found.ssh) == ((Secret("s", "/s"),), {"k": "/a"})
    assert wish_of({"dockerfile-inline": "FROM a"}).dockerfile_text == "FROM a"


def test_groups_name_targets_and_groups() -> None:
    file = baked(
        group={"default": {"targets": ["g", "c"]}, "g": {"targets": ["a", "b"]}},
        target={"a": {}, "b": {"contexts": {"x": "target:c"}}, "c": {}},
    )
    assert file.choose(()) == ["a", "c", "b"]
    assert file.choose(["b"]) == ["c", "b"]


def test_targets_inherit() -> None:
    file = baked(
        target={
            "base": {"args": {"A": "1", "B": "2"}, "tags": ["x"], "network": "none"},
            "web": {"inherits": ["base"], "args": {"A": "3"}, "tags": ["y"]},
        }
    )
    found = file.target("web")
    assert (found["args"], found["tags"]) == ({"A": "3", "B": "2"}, ["y"])
    assert found["network"] == "none"


def test_later_files_add() -> None:
    file = read_bake(
        [
            ("a", '{"target": {"x": {"args": {"A": "1"}, "tags": ["t"]}}}'),
            ("b", '{"target": {"x": {"args": {"B": "2"}}}}'),
        ]
    )
    assert file.target("x") == {"args": {"A": "1", "B": "2"}, "tags": ["t"]}


def test_values_can_be_set_from_outside() -> None:
    changed = override(
        {"a": {"args": {"X": "1"}}, "b": {}},
        [
            "*.network=none",
            "a.args.Y=2=3",
            "a.tags=t",
            "b.platform=p",
            "b.no-cache=true",
        ],
    )
    assert changed == {
        "a": {"args": {"X": "1", "Y": "2=3"}, "network": "none", "tags": ["t"]},
        "b": {"network": "none", "platforms": ["p"], "no-cache": True},
    }


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("target {}", "a", "f:1,1: there is no block 'target' here"),
        ("{x", "a", "cannot read f: Expecting property name"),
        ("[]", "a", "f:1,1: an attribute or a block is missing"),
        ('{"target": []}', "a", "cannot read f: 'target' has to be a map of maps"),
        ('{"target": {"a": 1}}', "a", "has to be a map of maps"),
        ('{"target": {}}', "a", "failed to find target a"),
        ('{"target": {"a": {"bad": {}}}}', "a", "target a: 'bad' isn't supported"),
        ('{"target": {"a": {"inherits": ["a"]}}}', "a", "infinite loop from a to a"),
        (
            '{"target": {"a": {"contexts": {"x": "target:a"}}}}',
            "a",
            "infinite loop from a to a",
        ),
    ],
)
def test_refuses(text: str, name: str, said: str) -> None:
    with pytest.raises(BuildxError, match=said):
        read_bake([("f", text)]).choose([name])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a", "invalid override a, expected"),
        ("x.tags=y", "could not find any target matching 'x'"),
        ("a.foo=y", "unknown key: foo"),
    ],
)
def test_refuses_overrides(text: str, said: str) -> None:
    with pytest.raises(BuildxError, match=said):
        override({"a": {}}, [text])


def test_refuses_several_platforms() -> None:
    with pytest.raises(BuildxError, match="Multi-platform build is not supported"):
        wish_of({"platforms": ["a", "b"]})


def test_json_has_templates_too() -> None:
    text = """{"variable": {"V": {"default": "1"}},
        "target": {"a": {"tags": ["x:${V}"], "dockerfile-inline": "$${W} %{x} $Y"}}}"""
    file = read_bake([("f", text)], {"V": "2"})
    assert file.target("a") == {"tags": ["x:2"], "dockerfile-inline": "${W} %{x} $Y"}


def test_hcl_is_told_by_its_name_or_its_look() -> None:
    text = 'target "a" { tags = ["x"] }'
    for name in ("docker-bake.hcl", "-"):
        assert read_bake([(name, text)]).target("a") == {"tags": ["x"]}
    with pytest.raises(BuildxError, match=r"cannot read x.json: Expecting value"):
        read_bake([("x.json", text)])
    with pytest.raises(BuildxError, match="a bake file is a JSON object"):
        read_bake([("x.json", "[]")])
