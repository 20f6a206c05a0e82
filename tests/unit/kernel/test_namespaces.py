"""Names and ids of namespaces."""

import os

import pytest

from labkit.base.errors import InvalidInputError
from labkit.kernel.flags import CloneFlag
from labkit.kernel.namespaces import namespace_flag, namespace_ids, namespace_path


def test_knows_the_specifications_words() -> None:
    assert namespace_flag("network") is CloneFlag.NEWNET
    assert str(namespace_path(7, "mount")) == "/proc/7/ns/mnt"
    for call in (namespace_flag, lambda kind: namespace_path(1, kind)):
        with pytest.raises(InvalidInputError, match="'moon'"):
            call("moon")


def test_reads_the_ids_of_a_process() -> None:
    ids = namespace_ids(os.getpid())
    assert ids["network"] == os.readlink("/proc/self/ns/net")
    assert ids["pid"].startswith("pid:[")
