"""Being told of a file's changes."""

from pathlib import Path

from labkit.kernel.inotify import Inotify, WatchFlag, parse_events


def test_tells_what_happens_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("")
    with Inotify() as watcher:
        number = watcher.add(str(path), WatchFlag.MODIFY | WatchFlag.MOVE_SELF)
        assert watcher.read() == ()
        with path.open("a") as file:
            file.write("x")
        path.rename(tmp_path / "log.1")
        events = watcher.read()
        assert [event.flags for event in events] == [
            WatchFlag.MODIFY,
            WatchFlag.MOVE_SELF,
        ]
        assert {event.watch for event in events} == {number}
        watcher.remove(number)


def test_names_the_file_in_a_folder(tmp_path: Path) -> None:
    with Inotify() as watcher:
        watcher.add(str(tmp_path), WatchFlag.CREATE)
        (tmp_path / "new").touch()
        assert [event.name for event in watcher.read()] == ["new"]


def test_nothing_is_no_event() -> None:
    assert parse_events(b"") == ()
