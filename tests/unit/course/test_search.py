"""The search index of the book."""

import json

from labkit.course.search import VARIABLE, Entry, index, write_index
from tests.unit.course.build import make_chapter

BODY = """\
# Net `works`

A [bridge](https://b.example/x),
as *here*: ![drawn](figures/b.svg)

```{step} go
docker network ls
```

## Names

```{tip} By the way
A *name server*.
```

### Empty
"""


def test_a_section_has_its_prose_its_commands_and_its_notes() -> None:
    first, second = index(make_chapter(BODY))
    assert first == Entry(
        "chapter05.html",
        "net-works",
        "5. Testing",
        "Net works",
        "A bridge, as here: drawn docker network ls",
    )
    assert (second.anchor, second.text) == ("names", "By the way A name server.")


def test_the_index_is_a_script_with_one_variable() -> None:
    script = write_index([make_chapter(BODY)])
    assert script.startswith(f"window.{VARIABLE} = ")
    entries = json.loads(script.split(" = ", 1)[1].rstrip().rstrip(";"))
    assert [entry["heading"] for entry in entries] == ["Net works", "Names"]
