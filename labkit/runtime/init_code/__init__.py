"""The machine code of ``docker run --init``, a file a kind of processor."""
