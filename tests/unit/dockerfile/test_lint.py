"""Which checks are made, and what they are worth."""

from tests.unit.dockerfile.linting import found, linted

BODY = "FROM a AS X\nMAINTAINER me\n"


def test_checks_are_skipped_by_name_or_all() -> None:
    assert len(found(BODY)) == 2
    skipped = found(f"# check=skip=StageNameCasing\n{BODY}")
    assert [line.split(":")[0] for line in skipped] == ["MaintainerDeprecated"]
    assert found(f"# check=skip=all\n{BODY}") == []
    assert len(found(f"# check=nonsense\n{BODY}")) == 2


def test_a_comment_skips_for_the_next_instruction() -> None:
    text = "FROM a AS x\n# check=skip=MaintainerDeprecated\nMAINTAINER me\n"
    assert found(text) == []
    assert len(found(f"{text}MAINTAINER you\n")) == 1


def test_warnings_may_be_errors() -> None:
    assert not linted(BODY).is_error
    assert linted(f"# check=error=true\n{BODY}").is_error
    assert not linted("# check=error=true\nFROM a\n").is_error
    assert not linted(f"# check=skip=all;error=true\n{BODY}").is_error


def test_the_same_is_said_once() -> None:
    assert len(found("FROM a\nCOPY $x $x /\n")) == 1
