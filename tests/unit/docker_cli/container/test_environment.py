import pytest

from labkit.docker_cli.container.environment import read_labels, read_variables
from labkit.docker_cli.errors import CliError


def test_files_come_before_flags_and_bare_names_take_the_users_own(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("MINE", "yes")
    monkeypatch.delenv("NONE", raising=False)
    path = tmp_path / "env"
    path.write_text("# no\n\n  A=1\nB=two words\nMINE\nNONE\n")
    assert read_variables([str(path)], ["C=3", "MINE", "NONE"]) == [
        "A=1",
        "B=two words",
        "MINE=yes",
        "C=3",
        "MINE=yes",
        "NONE",
    ]


def test_labels_of_files_need_a_value(tmp_path):
    path = tmp_path / "labels"
    path.write_text("a=1\nb\n")
    assert read_labels([str(path)], ["c"]) == ["a=1", "c"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"a b=1\n", "variable 'a b' contains whitespaces"),
        (b"=1\n", "no variable name on line '=1'"),
        (b"A=1\n\xff=1\n", r"invalid utf8 bytes at line 2: \[255 61 49\]"),
    ],
)
def test_refuses_bad_files(tmp_path, text, said):
    path = tmp_path / "env"
    path.write_bytes(text)
    with pytest.raises(CliError, match=said):
        read_variables([str(path)], [])
    with pytest.raises(CliError, match="open none: no such file or directory"):
        read_variables(["none"], [])
    with pytest.raises(CliError, match=f"read {tmp_path}: is a directory"):
        read_variables([str(tmp_path)], [])
