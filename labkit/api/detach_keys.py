"""The keys that leave an attached container without ending it: ctrl-p ctrl-q.

The client sends every key as it is typed, so the engine has to look for the sequence.
Keys that could begin it are held back until the next one decides: ctrl-p alone arrives
in the container with the key after it (moby, pkg/stdin/proxy.go ``escapeProxy``).
"""

from labkit.base.errors import InvalidInputError

DEFAULT = "ctrl-p,ctrl-q"
_CONTROL = {
    **{chr(code): code - ord("a") + 1 for code in range(ord("a"), ord("z") + 1)},
    "@": 0,
    "[": 27,
    "\\": 28,
    "]": 29,
    "^": 30,
    "_": 31,
}


def parse_keys(text: str) -> bytes:
    """Read ``ctrl-p,ctrl-q`` or ``a,b``; empty means the default."""
    return bytes(_key(word) for word in (text or DEFAULT).split(","))


def _key(word: str) -> int:
    if len(word) == 1 and word.isascii():
        return ord(word)
    control = _CONTROL.get(word.removeprefix("ctrl-").lower())
    if word.startswith("ctrl-") and control is not None:
        return control
    raise InvalidInputError(f"invalid detach keys: unknown character: '{word}'")


class DetachScanner:
    """Takes input as it comes, gives what may go on to the container."""

    def __init__(self, keys: bytes) -> None:
        self._keys = keys
        self._held = 0  # how many keys of the sequence have come in
        self.detached = False

    def feed(self, data: bytes) -> bytes:
        """Return what to pass on; after the whole sequence ``detached`` is set."""
        passed = bytearray()
        for byte in data:
            if byte == self._keys[self._held]:
                self._held += 1
                if self._held == len(self._keys):
                    self.detached = True
                    return bytes(passed)
                continue
            passed += self._keys[: self._held]
            self._held = 1 if byte == self._keys[0] else 0
            if not self._held:
                passed.append(byte)
        return bytes(passed)

    def finish(self) -> bytes:
        """Return what was held back: the input ended inside the sequence."""
        held, self._held = self._keys[: self._held], 0
        return held
