"""The flags of a build as a wish."""

import pytest

from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.flags import parse
from labkit.docker_cli.buildx.options import BUILD, read_wish
from labkit.docker_cli.buildx.wish import Cache, Context, Kind, Output, Secret, Wish


def wish(*words: str) -> Wish:
    return read_wish(parse(BUILD, words))


def test_reads_everything() -> None:
    found = wish(
        *("-t", "a", "-t", "b:1", "-f", "D", "--target", "x", "--no-cache", "--pull"),
        *("--build-arg", "A=1=2", "--build-arg", "B", "--label", "l=m", "--label", "n"),
        *("--secret", "id=s,src=f", "--ssh", "default", "--network", "none"),
        *("--build-context", "c=../d", "--build-context", "i=docker-image://x"),
        *(
            "--platform",
            "linux/amd64",
            "--add-host",
            "h=1.2.3.4",
            "--add-host",
            "g:1.1.1.1",
        ),
        *(
            "--cache-from",
            "type=registry,ref=z",
            "--ulimit",
            "nofile=1",
            "--shm-size",
            "1m",
        ),
        *("-o", "out", "--push", "."),
    )
    assert found == Wish(
        context=Context(Kind.FOLDER, "."),
        dockerfile="D",
        target="x",
        arguments={"A": "1=2", "B": None},
        labels={"l": "m", "n": ""},
        tags=("a", "b:1"),
        contexts={"c": Context(Kind.FOLDER, "../d"), "i": Context(Kind.IMAGE, "x")},
        secrets=(Secret("s", "f"),),
        ssh={"default": ""},
        cache_from=(Cache("registry", "z"),),
        outputs=(Output("local", "out"), Output("registry", push=True)),
        platform="linux/amd64",
        network="none",
        extra_hosts=("h:1.2.3.4", "g:1.1.1.1"),
        shm_size="1m",
        ulimits=("nofile=1",),
        no_cache=True,
        pull=True,
    )


def test_the_classic_builders_flags_do_no_harm() -> None:
    assert wish("--rm", "--force-rm", "--compress", "--load", ".") == wish(".")


def test_the_environments_epoch_is_an_argument(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "7")
    assert wish(".").arguments == {"SOURCE_DATE_EPOCH": "7"}
    given = wish("--build-arg", "SOURCE_DATE_EPOCH=8", ".")
    assert given.arguments == {"SOURCE_DATE_EPOCH": "8"}


def test_input_is_read_once() -> None:
    with pytest.raises(BuildxError, match="can't use stdin for both"):
        read_wish(parse(BUILD, ["-f", "-", "-"]))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--platform", "linux/amd64,linux/arm64"), "Multi-platform build is not"),
        (("--build-context", "x"), "invalid context value: x, expected key=value"),
        (("--cache-from", "type=gha,url=x"), "cache source 'type=gha,url=x' isn't"),
    ],
)
def test_refuses(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(BuildxError, match=said):
        wish(*words, ".")


def test_flags_of_the_classic_builder_are_passed_over(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert wish("-m", "64m", "--squash", "--cpuset-cpus=0", ".") == wish(".")
    assert capsys.readouterr().err.splitlines() == [
        f"WARNING: --{name} does nothing here: it is of the classic builder "
        "(DOCKER_BUILDKIT=0)"
        for name in ("squash", "memory", "cpuset-cpus")
    ]


def test_stages_may_be_done_anew() -> None:
    found = wish("--no-cache-filter", "a,b", "--no-cache-filter=c", ".")
    assert found.no_cache_stages == ("a", "b", "c")
