import pytest

from labkit.docker_cli.csv_line import split_csv


def test_splits_at_commas_and_honours_quotes():
    assert split_csv("a,b=c,") == ["a", "b=c", ""]
    assert split_csv('"a,b",c') == ["a,b", "c"]
    assert split_csv('"say ""hi""",x') == ['say "hi"', "x"]


@pytest.mark.parametrize("line", ['a"b', '"open', '"a"b'])
def test_refuses_quotes_in_the_wrong_place(line):
    with pytest.raises(ValueError, match="parse error on line 1"):
        split_csv(line)
