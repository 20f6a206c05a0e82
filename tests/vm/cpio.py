"""The archive that a kernel unpacks as its first file system ("newc", cpio(5))."""

import io

_FOLDER, _FILE, _LINK, _DEVICE = 0o040755, 0o100644, 0o120777, 0o020600


class Cpio:
    """Collects entries; ``finish`` gives the archive."""

    def __init__(self) -> None:
        self._out = io.BytesIO()
        self._inode = 0

    def add_folder(self, name: str) -> None:
        self._add(name, _FOLDER)

    def add_file(self, name: str, data: bytes, executable: bool = False) -> None:
        self._add(name, _FILE | (0o111 if executable else 0), data)

    def add_link(self, name: str, target: str) -> None:
        self._add(name, _LINK, target.encode())

    def add_console(self) -> None:
        """Add /dev/console, which the first process's output goes to."""
        self._add("dev/console", _DEVICE, device=(5, 1))

    def finish(self) -> bytes:
        self._add("TRAILER!!!", 0)
        return self._out.getvalue()

    def _add(
        self, name: str, mode: int, data: bytes = b"", device: tuple[int, int] = (0, 0)
    ) -> None:
        self._inode += 1
        path = name.encode() + b"\0"
        # ino mode uid gid nlink mtime filesize devmajor devminor rdevmajor rdevminor
        # namesize check
        fields = (self._inode, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(path), 0)
        header = b"070701" + "".join(f"{field:08X}" for field in fields).encode()
        for part in (header + path, data):
            self._out.write(part + b"\0" * (-len(part) % 4))
