"""Checks of instructions, with the variables in force."""

import pytest

from tests.unit.dockerfile.linting import found, linted


@pytest.mark.parametrize(
    ("body", "warnings"),
    [
        (
            "CMD a b",
            [
                "JSONArgsRecommended: JSON arguments recommended for CMD to prevent "
                "unintended behavior related to OS signals (line 2)"
            ],
        ),
        ('SHELL ["sh", "-c"]\nCMD a b', []),
        ('ENTRYPOINT ["a"]', []),
        (
            'CMD ["a"]\nRUN x\nCMD ["b"]',
            [
                "MultipleInstructionsDisallowed: Multiple CMD instructions should not "
                "be used in the same stage because only the last one will be used "
                "(line 2)"
            ],
        ),
        (
            "WORKDIR app",
            [
                'WorkdirRelativePath: Relative workdir "app" can have unexpected '
                "results if the base image changes (line 2)"
            ],
        ),
        ("WORKDIR /app\nWORKDIR b", []),
        (
            "ENV A b",
            [
                'LegacyKeyValueFormat: "ENV key=value" should be used instead of '
                'legacy "ENV key value" format (line 2)'
            ],
        ),
        (
            "LABEL a b",
            [
                'LegacyKeyValueFormat: "LABEL key=value" should be used instead of '
                'legacy "LABEL key value" format (line 2)'
            ],
        ),
        (
            "ENV DB_PASSWORD=x\nARG token\nARG PUBLIC_KEY KEYBOARD",
            [
                "SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for "
                'sensitive data (ENV "DB_PASSWORD") (line 2)',
                "SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for "
                'sensitive data (ARG "token") (line 3)',
            ],
        ),
        (
            "ARG foo\nCOPY $fop /x",
            ["UndefinedVar: Usage of undefined variable '$fop' (line 3)"],
        ),
        (
            "ENV foo=1\nCOPY $fop$foo /x",
            [
                "UndefinedVar: Usage of undefined variable '$fop' (did you mean $foo?) "
                "(line 3)"
            ],
        ),
        ("ENV PATH=/x:$PATH", []),
        ("ARG a b=$a c=$b\nUSER $a$c", []),
        (
            "ARG a=$b",
            ["UndefinedVar: Usage of undefined variable '$b' (line 2)"],
        ),
        (
            "EXPOSE 80/TCP 1:2",
            [
                "ExposeInvalidFormat: EXPOSE instruction should not define an IP "
                "address or host-port mapping, found '1:2' (line 2)",
                "ExposeProtoCasing: Defined protocol '80/TCP' in EXPOSE instruction "
                "should be lowercase (line 2)",
            ],
        ),
        ("USER ${x", []),
    ],
)
def test_warns(body: str, warnings: list[str]) -> None:
    assert found(f"FROM a\n{body}\n") == warnings


def test_a_stage_on_another_goes_on_with_its_variables() -> None:
    text = "FROM a AS b\nARG x=1\nENV y=2\nWORKDIR /z\nFROM b\nWORKDIR $x$y\n"
    assert found(text) == []


def test_only_needed_stages_are_walked_through() -> None:
    text = "FROM a AS b\nFROM c\nWORKDIR x\n"
    assert found(text, target="b") == []
    assert len(found(text)) == 1


def test_base_images_bring_variables() -> None:
    text = "FROM a\nUSER $NODE\n"
    assert len(linted(text).warnings) == 1
    assert linted(text, environments={0: {"NODE": "n"}}).warnings == ()
    assert len(found("FROM scratch\nENV A=$PATH\n")) == 1


@pytest.mark.parametrize(
    ("ignore", "line", "warnings"),
    [
        (
            "*.log",
            "COPY a.log /",
            [
                'CopyIgnoredFile: Attempting to Copy file "a.log" that is excluded by '
                ".dockerignore (line 2)"
            ],
        ),
        (
            "*.log",
            "ADD a.log http://x/b.log /",
            [
                'CopyIgnoredFile: Attempting to Add file "a.log" that is excluded by '
                ".dockerignore (line 2)"
            ],
        ),
        ("*.log\n!a.log", "COPY a.log /", []),
        ("*.log", "COPY . /", []),
        (
            "*",
            "COPY . /",
            [
                'CopyIgnoredFile: Attempting to Copy file "." that is excluded by '
                ".dockerignore (line 2)"
            ],
        ),
        ("*.log", "COPY --from=other a.log /", []),
    ],
)
def test_files_that_are_left_out(ignore: str, line: str, warnings: list[str]) -> None:
    assert found(f"FROM a\n{line}\n", ignore) == warnings
