"""Packing beside other work."""

import gzip
import os
from pathlib import Path

from labkit.runtime.loop import Loop
from labkit.runtime.pack import Packer

BIG = os.urandom(1 << 20)


def test_packs_in_between(tmp_path: Path) -> None:
    path = tmp_path / "log.1"
    path.write_bytes(BIG)
    loop = Loop()
    packer = Packer(loop)
    packer.pack(str(path))
    rounds = 0
    while not loop.expects_only(()):
        assert path.exists()  # until the packed one is whole
        loop.run_once(0)
        rounds += 1
    assert rounds > 3
    assert [one.name for one in tmp_path.iterdir()] == ["log.1.gz"]
    assert gzip.decompress((tmp_path / "log.1.gz").read_bytes()) == BIG
    assert (tmp_path / "log.1.gz").stat().st_mode & 0o777 == 0o640
    loop.close()


def test_the_next_file_waits_for_the_one_before(tmp_path: Path) -> None:
    loop = Loop()
    packer = Packer(loop)
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(BIG)
        packer.pack(str(tmp_path / name))
    packer.finish()
    packer.finish()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.gz", "b.gz"]
    loop.run_once(0)
    loop.close()
