from pathlib import Path

from labkit.base.reserve import Reserve


def test_takes_room_and_gives_it_up(tmp_path: Path) -> None:
    path = tmp_path / "reserve"
    reserve = Reserve(path, 1 << 16)
    for _ in range(2):
        reserve.fill()
        assert path.stat().st_blocks * 512 >= 1 << 16
        reserve.release()
        assert not path.exists()
    reserve.release()


def test_leaves_a_disk_alone_that_has_no_plenty(tmp_path: Path) -> None:
    Reserve(tmp_path / "reserve", 1 << 60).fill()
    assert list(tmp_path.iterdir()) == []
