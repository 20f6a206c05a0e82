"""The tree that bake files are read to."""

from labkit.docker_cli.buildx.hcl.tree import Body, Literal


def test_a_body_may_be_empty_and_values_know_their_place() -> None:
    assert (dict(Body().attributes), Body().blocks) == ({}, ())
    assert Literal("f:1,2", 3).place == "f:1,2"
