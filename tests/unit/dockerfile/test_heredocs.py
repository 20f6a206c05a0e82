"""Where a here-document starts."""

import pytest

from labkit.dockerfile.heredocs import find_heredocs, parse_heredoc


@pytest.mark.parametrize(
    ("word", "name", "expand", "chomp", "descriptor"),
    [
        ("<<EOF", "EOF", True, False, 0),
        ("<<-EOF", "EOF", True, True, 0),
        ("<<'EOF'", "EOF", False, False, 0),
        ('<<"EOF"', "EOF", False, False, 0),
        ('<<E"O"F', "EOF", False, False, 0),
        ("3<<EOF", "EOF", True, False, 3),
        ("<<a.txt", "a.txt", True, False, 0),
        ("<< EOF", "EOF", True, False, 0),
        ("<<$EOF", "$EOF", True, False, 0),
    ],
)
def test_reads_a_start(
    word: str, name: str, expand: bool, chomp: bool, descriptor: int
) -> None:
    found = parse_heredoc(word)
    assert found is not None
    assert (found.name, found.expand) == (name, expand)
    assert (found.chomp, found.descriptor) == (chomp, descriptor)


@pytest.mark.parametrize(
    "word", ["<<", "<EOF", "<<<EOF", "a<<EOF", "<<a b", "<<'a", "<<-", "<<a<b", "x"]
)
def test_knows_what_is_none(word: str) -> None:
    assert parse_heredoc(word) is None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("RUN cat <<EOF", ["EOF"]),
        ("RUN cat <<a <<b >x", ["a", "b"]),
        ("RUN cat '<<EOF'", []),
        ("RUN echo it's <<EOF", []),
        ("RUN <<<word cat", []),
        ("COPY <<EOF /x", ["EOF"]),
        ("RUN echo $((1 << 2))", ["2))"]),  # BuildKit's reading, too
    ],
)
def test_finds_them_in_a_line(line: str, names: list[str]) -> None:
    assert [one.name for one in find_heredocs(line)] == names
