"""What two engines, or two runs, may say differently of the same world."""

import re
import tempfile

OTHERWISE = (
    (r"\b[0-9a-f]{64}\b", "ID"),
    (r"\b[0-9a-f]{12}\b", "SHORT-ID"),
    (r"\b(?!127\.|0\.0\.0\.0)\d+\.\d+\.\d+\.\d+(/\d+)?", "ADDRESS"),
    (r":(3[2-9]|[4-6]\d)\d{3}:", ":PORT:"),
    (re.escape(tempfile.gettempdir()) + r"/labkit-\w+", "FOLDER"),
    (r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d", "TIME"),
)


def plain(text: str) -> str:
    """Put a word in the place of ids, addresses, chosen ports and times."""
    for pattern, word in OTHERWISE:
        text = re.sub(pattern, word, text)
    return text
