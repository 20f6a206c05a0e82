"""What a build tells; its secrets stay unsaid."""

from labkit.builder.model import BuildInput, StepError


def test_secrets_are_in_no_text() -> None:
    source = BuildInput("FROM x", None, secrets={"token": b"h1dden"})
    assert "h1dden" not in repr(source)


def test_a_failed_step_has_a_code() -> None:
    error = StepError("it failed", 7)
    assert (error.message, error.code) == ("it failed", 7)
