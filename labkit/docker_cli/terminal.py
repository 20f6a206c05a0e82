"""The user's terminal: its size, raw mode, and the keys that detach."""

from __future__ import annotations

import os
import termios

from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

STDIN, STDOUT = 0, 1
DEFAULT_KEYS = bytes((16, 17))
"""ctrl-p, ctrl-q."""

_ODD_KEYS = {"@": 0, "[": 27, "\\": 28, "]": 29, "^": 30, "_": 31}


def check_tty(attach_stdin: bool, tty: bool) -> None:
    """Refuse a terminal in the container where the user has none.

    Raises:
        CliError: in Docker's words.
    """
    if tty and attach_stdin and not os.isatty(STDIN):
        raise CliError("the input device is not a TTY")


def terminal_size() -> tuple[int, int]:
    """Return rows and columns of the terminal on stdout, or zeros."""
    try:
        columns, rows = os.get_terminal_size(STDOUT)
    except OSError:
        return 0, 0
    return rows, columns


class RawMode:
    """While this is entered, keys come as they are typed, and nothing is echoed."""

    def __init__(self, wanted: bool) -> None:
        self._wanted = wanted and os.isatty(STDIN)
        self._before: list[object] | None = None

    def __enter__(self) -> Self:
        if self._wanted:
            self._before = termios.tcgetattr(STDIN)
            termios.tcsetattr(STDIN, termios.TCSANOW, _raw(self._before))  # type: ignore[arg-type]
        return self

    def __exit__(self, *error: object) -> None:
        if self._before is not None:
            termios.tcsetattr(STDIN, termios.TCSANOW, self._before)  # type: ignore[arg-type]
            self._before = None


def _raw(before: list[object]) -> list[object]:
    """Return the settings of ``cfmakeraw`` (termios(3))."""
    iflag, oflag, cflag, lflag, ispeed, ospeed, control = before
    assert isinstance(iflag, int)
    assert isinstance(cflag, int)
    assert isinstance(lflag, int)
    assert isinstance(oflag, int)
    assert isinstance(control, list)
    iflag &= ~(
        termios.IGNBRK | termios.BRKINT | termios.PARMRK | termios.ISTRIP
        | termios.INLCR | termios.IGNCR | termios.ICRNL | termios.IXON
    )  # fmt: skip
    lflag &= ~(
        termios.ECHO | termios.ECHONL | termios.ICANON | termios.ISIG | termios.IEXTEN
    )
    cflag = cflag & ~(termios.CSIZE | termios.PARENB) | termios.CS8
    control = list(control)
    control[termios.VMIN], control[termios.VTIME] = 1, 0
    return [iflag, oflag & ~termios.OPOST, cflag, lflag, ispeed, ospeed, control]


def detach_keys(text: str) -> bytes:
    """Return the bytes of ``ctrl-p,ctrl-q``.

    Raises:
        CliError: a key has no such name.
    """
    if not text:
        return DEFAULT_KEYS
    codes = []
    for key in text.split(","):
        if len(key) == 1:
            codes.append(ord(key))
            continue
        name = key.lower()
        letter = name.removeprefix("ctrl-")
        if not name.startswith("ctrl-") or len(letter) != 1:
            raise CliError(f"invalid detach keys ({text}): Unknown character: '{key}'")
        if "a" <= letter <= "z":
            codes.append(ord(letter) - ord("a") + 1)
        elif letter in _ODD_KEYS:
            codes.append(_ODD_KEYS[letter])
        else:
            raise CliError(f"invalid detach keys ({text}): Unknown character: '{key}'")
    return bytes(codes)


class KeyWatch:
    """Looks for the detach keys in what is typed, across reads."""

    def __init__(self, keys: bytes) -> None:
        self._keys = keys
        self._held = b""
        self.detached = False

    def feed(self, data: bytes) -> bytes:
        """Return what may be sent on; the begin of the keys is held back."""
        passed = b""
        for code in data:
            byte = bytes((code,))
            if self._keys.startswith(self._held + byte):
                self._held += byte
                if self._held == self._keys:
                    self.detached = True
                    return passed
                continue
            passed += self._held + byte
            self._held = b""
        return passed
