"""What differs from run to run, made the same: ids, times, sizes, addresses."""

import re

_RULES = (
    # What Go says where the engine hangs up first, or not: chance.
    (r'time="[^"]*" level=error msg="Can.t [^\n]*\n', ""),
    # An old dockerd says it twice, and names nobody.
    (r"no such image: [^\s:]+(:[^\s:]+)?: No such image", "No such image"),
    (r"no such image: \S+: invalid reference", "invalid reference"),
    (r"repository name \([^)]*\) must", "repository name must"),
    # An old dockerd begins this sentence with a capital.
    (r"from daemon: Invalid filter", "from daemon: invalid filter"),
    (r"unix:///\S*docker\.sock", "unix://SOCKET"),
    (r"\b19[0-9]{5}\b", "BYTES"),
    (r"\x1b\[[0-9;?]*[A-Za-z]", ""),
    (r"\b[0-9a-f]{64}\b", "ID64"),
    (r"\b[0-9a-f]{40}\b", "ID40"),
    (r"\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{12}\b", "ID12"),
    (r"\b[0-9]{12}\b", "ID12"),
    (
        r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| ?[+-]\d\d:?\d\d( \w+| \+\d+)?)?",
        "TIME",
    ),
    (r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} +\d+ \d\d:\d\d:\d\d \d{4}", "TIME"),
    (
        r"\b(Less than a|\d+|About an?) (second|minute|hour|day|week|month|year)s?\b",
        "AGE",
    ),
    (r"\b\d+(\.\d+)?(e[+-]\d+)? ?(B|kB|MB|GB|KiB|MiB|GiB)\b", "SIZE"),
    (r"\b(172|10|192)\.\d+\.\d+\.\d+(/\d+)?\b", "ADDRESS"),
    (r"\b[0-9a-f]{2}(:[0-9a-f]{2}){5}\b", "MAC"),
    (r"0\.0\.0\.0:(32|49|5)\d{3}\b", "0.0.0.0:PORT"),
    (r"(\[::\]|:::?):?(32|49|5)\d{3}\b", "[::]:PORT"),
    (r"\b\d+(\.\d+)?%", "PERCENT"),
    (r"/tmp/tr-[\w-]+", "FOLDER"),
    (r"/\S*/volumes/", "/VOLUMES/"),
    (r"0xc[0-9a-f]{9}\b", "POINTER"),
    (r"[ \t]{2,}", "  "),
    (r" +\n", "\n"),
)
_COMPILED = [(re.compile(pattern), by) for pattern, by in _RULES]


def normal(text: str) -> str:
    """Return a text without what is chance."""
    for pattern, by in _COMPILED:
        text = pattern.sub(by, text)
    return text.rstrip()
