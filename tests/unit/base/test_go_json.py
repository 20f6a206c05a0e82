import pytest

from labkit.base.go_json import problem_of


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{}", ""),
        ("", "unexpected EOF"),
        ('{"a": "b"', "unexpected EOF"),
        ('{"a": "b', "unexpected EOF"),
        ("{bad", "invalid character 'b' looking for beginning of object key string"),
        ('{"a" "b"}', "invalid character '\"' after object key"),
        ('{"a": x}', "invalid character 'x' looking for beginning of value"),
        ("[1 2]", "invalid character '2' after array element or object key:value pair"),
        ("{} x", "unexpected content after JSON"),
    ],
)
def test_says_what_go_says(text, problem):
    assert problem_of(text) == problem
