import pytest

from labkit.docker_cli.flags import FlagError, HelpWantedError, Rules, parse
from labkit.docker_cli.pages import parse_flags

FLAGS = parse_flags(
    """\
  -a, --all              Show all
  -e, --env list         Set variables
  -i, --interactive      Keep STDIN open
  -n, --last int         Show n last (default -1)
      --name string      Assign a name
  -p, --publish list     Publish
      --rm               Remove (default true)
  -t, --tty              Terminal
  -f, --filter filter    Filter
  -m, --memory bytes     Memory
"""
)


def read(*words, **rules):
    return parse(FLAGS, words, Rules(**rules))


def test_reads_clusters_joined_values_and_equals():
    parsed = read(
        "-it", "-p8080:80", "-p=81:80", "--name=web", "-e", "A=1", "img", "-a"
    )
    values = parsed.values
    assert values.on("interactive")
    assert values.on("tty")
    assert values.list("publish") == ["8080:80", "81:80"]
    assert values.text("name") == "web"
    assert values.list("env") == ["A=1"]
    assert parsed.arguments == ["img"]
    assert values.on("all")


def test_stops_at_two_dashes_and_at_the_first_word_where_it_must():
    assert read("--", "-a", "x").arguments == ["-a", "x"]
    parsed = read("-i", "img", "--all", interspersed=False)
    assert parsed.arguments == ["img", "--all"]
    assert not parsed.values.on("all")


def test_defaults_stand_on_the_page():
    values = read().values
    assert values.number("last") == -1
    assert values.on("rm")
    assert values.changed == []
    assert not read("--rm=false").values.on("rm")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--odd"], "unknown flag: --odd"),
        (["-x"], "unknown shorthand flag: 'x' in -x"),
        (["-ax"], "unknown shorthand flag: 'x' in -x"),
        (["--name"], "flag needs an argument: --name"),
        (["-n"], "flag needs an argument: 'n' in -n"),
        (["-itn"], "flag needs an argument: 'n' in -n"),
        (["---"], "bad flag syntax: ---"),
        (["--=x"], "bad flag syntax: --=x"),
        (
            ["-n", "x"],
            'invalid argument "x" for "-n, --last" flag: '
            'strconv.ParseInt: parsing "x": invalid syntax',
        ),
        (
            ["--all=maybe"],
            'invalid argument "maybe" for "-a, --all" flag: '
            'strconv.ParseBool: parsing "maybe": invalid syntax',
        ),
        (
            ["-f", "x"],
            'invalid argument "x" for "-f, --filter" flag: '
            "bad format of filter (expected name=value)",
        ),
        (
            ["-m", "x"],
            'invalid argument "x" for "-m, --memory" flag: invalid size: \'x\'',
        ),
    ],
)
def test_refuses_in_pflags_words(words, said):
    with pytest.raises(FlagError) as caught:
        read(*words)
    assert str(caught.value) == said


def test_help_waits_until_the_other_flags_are_known_to_be_right():
    with pytest.raises(HelpWantedError):
        read("--help", "-a")
    with pytest.raises(HelpWantedError) as caught:
        read("-h")
    assert caught.value.args == ("Flag shorthand -h has been deprecated, use --help",)
    with pytest.raises(FlagError):
        read("--help", "--odd")
    with pytest.raises(FlagError):
        read("--help=odd")
    assert read("--help=false").arguments == []


def test_old_names_are_read_and_told_where_they_are_old():
    parsed = read("--net", "x", renamed={"net": "name"})
    assert parsed.values.text("name") == "x"
    assert parsed.warnings == []
    parsed = read("--count=3", renamed={"count": "!last"})
    assert parsed.values.number("last") == 3
    assert parsed.warnings == ["Flag --count has been deprecated, use --last instead"]


def test_a_check_refuses_a_value_as_the_kind_does():
    def check(text):
        raise ValueError("no good")

    with pytest.raises(
        FlagError, match='invalid argument "A" for "-e, --env" flag: no'
    ):
        read("-e", "A", checks={"env": check})
