"""mount(8)'s words."""

import pytest

from labkit.kernel.flags import MountAttribute, MountFlag
from labkit.runtime.steps.options import parse_options, propagation_flag


@pytest.mark.parametrize(
    ("words", "flags"),
    [
        (("ro", "nosuid"), MountFlag.RDONLY | MountFlag.NOSUID),
        (("ro", "rw"), MountFlag.NONE),
        (("rbind",), MountFlag.BIND | MountFlag.REC),
        (("defaults",), MountFlag.NONE),
    ],
)
def test_words_become_bits(words: tuple[str, ...], flags: MountFlag) -> None:
    assert parse_options(words).flags == flags


def test_sorts_words_by_the_call_they_need() -> None:
    words = ("rbind", "rro", "rprivate", "size=64m", "mode=755")
    options = parse_options(words)
    assert options.propagation == (MountFlag.PRIVATE | MountFlag.REC,)
    assert options.recursive == MountAttribute.RDONLY
    assert options.data == "size=64m,mode=755"


def test_knows_propagation_by_name() -> None:
    assert propagation_flag("rslave") == MountFlag.SLAVE | MountFlag.REC
    assert propagation_flag("sideways") is None


def test_a_path_below_the_source_is_no_data() -> None:
    options = parse_options(("rbind", "X-mount.subdir=a/b"))
    assert (options.subpath, options.data) == ("a/b", "")
