"""Whole files."""

import pytest

from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.hcl.bodies import json_body, parse_hcl
from labkit.docker_cli.buildx.hcl.tree import ListOf, Literal, Template


def test_reads_attributes_and_blocks() -> None:
    body = parse_hcl(
        "f",
        """# a comment
        A = 1 // more
        target "a" one {
          b = <<TEXT
x
TEXT
          inner { c = 2 }
        }
        """,
    )
    assert body.attributes["A"] == Literal("f:2,13", 1)
    (block,) = body.blocks
    assert (block.kind, block.labels, block.place) == ("target", ("a", "one"), "f:3,9")
    assert block.body.attributes["b"] == Literal("f:5,1", "x\n")
    assert block.body.blocks[0].body.attributes["c"] == Literal("f:7,23", 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("= 1", "f:1,1: an attribute or a block is missing"),
        ("a = 1 b = 2", "f:1,7: the line should end here, before 'b'"),
        ("a = 1\na = 2", "f:2,1: attribute 'a' stands there twice"),
        ("a {", "an attribute or a block is missing"),
        ("a", "'=' or '{' is missing"),
        ('a "${b}" {}', "a label can't have variables in it"),
        ("a = " + "(" * 5000, "it is nested too deeply"),
    ],
)
def test_refuses(text: str, said: str) -> None:
    with pytest.raises(BuildxError, match=said):
        parse_hcl("f", text)


def test_json_says_the_same() -> None:
    found = {"A": 1, "target": {"a": {"tags": ["${B}", "%{x}"], "c": {"d": None}}}}
    body = json_body("f", found)
    (block,) = body.blocks
    assert body.attributes == {"A": Literal("f", 1)}
    assert (block.kind, block.labels) == ("target", ("a",))
    tags = block.body.attributes["tags"]
    assert isinstance(tags, ListOf)
    assert isinstance(tags.items[0], Template)
    assert tags.items[1] == Literal("f", "%{x}")
    (block,) = json_body("f", found, is_plain=True).blocks
    tags = block.body.attributes["tags"]
    assert isinstance(tags, ListOf)
    assert tags.items[0] == Literal("f", "${B}")


@pytest.mark.parametrize("body", [[], {"a": 1}])
def test_sections_are_maps_of_maps(body: object) -> None:
    with pytest.raises(BuildxError, match="'target' has to be a map of maps"):
        json_body("f", {"target": body})
