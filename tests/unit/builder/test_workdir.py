"""WORKDIR: which folder is meant, and that it is made."""

import pytest

from labkit.base.errors import InvalidInputError
from tests.unit.builder.workshop import Workshop, history


def test_makes_a_folder_relative_to_the_last(shop: Workshop) -> None:
    built = shop.build("FROM base", "WORKDIR /a", "ENV D=c", "WORKDIR b/../$D")
    assert built.image.config.config.working_dir == "/a/c"
    assert (shop.top(built) / "a/c").is_dir()
    assert history(built)[0] == "WORKDIR /a"
    assert not built.image.config.history[0].empty_layer


def test_a_folder_that_is_there_makes_no_layer(shop: Workshop) -> None:
    built = shop.build("FROM base", "WORKDIR /etc")
    assert built.image.config.history[0].empty_layer
    assert len(built.image.chain_ids) == 1


@pytest.mark.root
def test_a_folder_belongs_to_the_user(shop: Workshop) -> None:
    built = shop.build("FROM base", "USER app", "WORKDIR /new/own")
    for name in ("new", "new/own"):
        status = (shop.top(built) / name).stat()
        assert (status.st_uid, status.st_gid) == (7, 8)


def test_is_cached(shop: Workshop) -> None:
    for _ in range(2):
        shop.build("FROM base", "WORKDIR /a")
    assert shop.cached == [2]


def test_refuses_a_file(shop: Workshop) -> None:
    with pytest.raises(InvalidInputError, match="is not a directory"):
        shop.build("FROM base", "WORKDIR /etc/passwd")
