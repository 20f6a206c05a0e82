"""Sentences of builds; the contract suite compares them with a real dockerd's."""

from labkit.builder import messages


def test_names_the_dockerfile_that_is_not_there() -> None:
    assert messages.no_dockerfile("x") == "Cannot locate specified Dockerfile: x"


def test_names_the_dockerfile_that_is_empty() -> None:
    assert messages.empty_dockerfile("x") == "the Dockerfile (x) cannot be empty"


def test_names_the_path_that_leads_out() -> None:
    expected = "forbidden path outside the build context: ../x ()"
    assert messages.forbidden_path("../x") == expected
