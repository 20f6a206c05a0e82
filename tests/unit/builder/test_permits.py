"""What a Dockerfile may not take for itself, and mounts that can't be."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.builder.model import BuildRequest
from labkit.builder.permits import ENTITLEMENTS, check_entitlements
from labkit.dockerfile.errors import DockerfileError
from tests.unit.builder.workshop import Workshop


def test_knows_entitlements() -> None:
    assert check_entitlements(ENTITLEMENTS) == ENTITLEMENTS
    with pytest.raises(InvalidInputError, match=r"^unknown entitlement root$"):
        check_entitlements(["root"])


@pytest.mark.parametrize(
    ("flag", "name"),
    [("--network=host", "network.host"), ("--security=insecure", "security.insecure")],
)
def test_a_command_gets_what_who_builds_grants(
    shop: Workshop, flag: str, name: str
) -> None:
    with pytest.raises(InvalidInputError, match=f"^{name} is not allowed$"):
        shop.build("FROM base", "RUN x", f"RUN {flag} x")
    assert not shop.orders
    request = BuildRequest(entitlements=frozenset({name}))
    shop.build("FROM base", "RUN same", request=request)
    shop.build("FROM base", f"RUN {flag} same", request=request)
    assert len(shop.orders) == 2  # it is another command with than without
    assert shop.orders[1].insecure is (name == "security.insecure")


def test_a_stage_that_is_not_built_needs_no_permit(shop: Workshop) -> None:
    shop.build("FROM base AS no", "RUN --network=host x", "FROM base", "RUN x")
    assert len(shop.orders) == 1


def test_a_mount_that_is_none_fails_before_anything_runs(shop: Workshop) -> None:
    with pytest.raises(DockerfileError, match='line 3: unsupported mount type "x"'):
        shop.build("FROM base", "RUN x", "RUN --mount=type=x,target=/a x")
    assert not shop.orders


def test_a_mount_with_variables_waits_for_them(shop: Workshop) -> None:
    shop.build("FROM base", "ENV T=cache", "RUN --mount=type=$T,target='/a' x")
    assert [bind.target for bind in shop.orders[0].binds] == ["/a"]
