"""Mounts that can't be: the real command line hears the same from both engines."""

import pytest

from tests.engines import TEST_IMAGE, Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

_REFUSED = (
    ("-v", "/tmp:/d:foo"),
    ("-v", "/tmp:/d:ro,rw"),
    ("-v", "/tmp:/d:nocopy"),
    ("-v", "labtest-v:/d:shared"),
    ("-v", "labtest-v:d"),
    ("-v", "/tmp:/"),
    ("--tmpfs", "/d:size=1m,badopt"),
    ("--tmpfs", "d"),
    ("--mount", "type=foo,dst=/d"),
    ("--mount", "type=volume,src=labtest-v,dst=/"),
    ("--mount", "type=volume,src=/abs,dst=/d"),
    ("--mount", "type=volume,src=x,dst=/d"),
    ("--mount", "type=volume,dst=/d,readonly"),
    ("--mount", "type=bind,src=/nosuch,dst=/d"),
    ("--mount", "type=bind,src=/tmp,dst=d"),
    ("--mount", "type=bind,src=/tmp,dst=/d,bind-propagation=bad"),
    ("--mount", "type=tmpfs,src=x,dst=/d"),
)


@pytest.mark.parametrize("words", _REFUSED, ids=lambda words: words[1])
def test_refused_in_the_same_words(
    both: tuple[Engine, Engine], words: tuple[str, str]
) -> None:
    ours, theirs = (
        engine.docker("run", "--rm", *words, TEST_IMAGE, "true") for engine in both
    )
    assert ours.returncode == theirs.returncode != 0
    assert ours.stderr == theirs.stderr
