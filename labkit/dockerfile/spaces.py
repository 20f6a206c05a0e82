"""What counts as white space in a Dockerfile: Go's ``unicode.IsSpace``.

Python's own ``isspace`` takes the four separators U+001C to U+001F as well.
"""

import re

SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
# Words of an instruction are parted by these only.
BLANKS = re.compile(r"[\t\v\f\r ]+")


def is_space(char: str) -> bool:
    return char in SPACES
