"""What is said of a file that isn't there."""

import pytest

from labkit.builder.missing import missing_context
from labkit.builder.model import MissingFileError
from labkit.dockerfile.instructions import Copy
from labkit.dockerfile.interpret import interpret
from labkit.dockerfile.parser import parse_dockerfile
from tests.unit.builder.workshop import Workshop


@pytest.mark.parametrize(
    ("line", "place", "path", "hint"),
    [
        ("COPY app.jr /", "local://context", "/app.jr", "did you mean app.jar?"),
        ("COPY APP.JAR /", "local://context", "/APP.JAR", "did you mean app.jar?"),
        (
            "ADD ./scr/main.c /",
            "local://context",
            "/scr/main.c",
            "did you mean src/main.c?",
        ),
        ("COPY scr/other.c /", "local://context", "/scr/other.c", ""),
        ("COPY nothing-like-it /", "local://context", "/nothing-like-it", ""),
        ("COPY app.jar/x /", "local://context", "/app.jar/x", ""),
        (
            "COPY --from=base /etc/passwds /",
            "base",
            "/etc/passwds",
            "did you mean etc/passwd?",
        ),
        (
            "COPY ../outside /",
            "local://context",
            "/outside",
            "'..' does not lead out of where files are copied from",
        ),
    ],
)
def test_names_the_file_and_what_was_meant(
    shop: Workshop, line: str, place: str, path: str, hint: str
) -> None:
    shop.write("app.jar", "x")
    shop.write("src/main.c", "x")
    with pytest.raises(MissingFileError) as caught:
        shop.build("FROM base", line)
    error = caught.value
    assert (error.place, error.path, error.hint) == (place, path, hint)
    assert error.message.startswith(f"{line.partition(' ')[0]} failed: ")
    assert error.message.endswith(": file does not exist")


def test_a_mount_says_the_same(shop: Workshop) -> None:
    shop.write("app.jar", "x")
    mount = "--mount=type=bind,source=app.jr,target=/m"
    with pytest.raises(MissingFileError) as caught:
        shop.build("FROM base", f"RUN {mount} x")
    error = caught.value
    assert (error.place, error.path) == ("local://context", "/app.jr")
    assert error.hint == "did you mean app.jar?"
    assert error.message == "failed to compute cache key: 'app.jr': not found"


def test_says_that_there_is_nothing_to_copy_from() -> None:
    node = interpret(parse_dockerfile("COPY ./a /").nodes[0])
    assert isinstance(node, Copy)
    error = missing_context(node, "./a")
    assert error.message == "COPY failed: missing build context"
    assert (error.place, error.path) == ("local://context", "/a")
    assert error.hint == "there is no build context: a Dockerfile came alone"
