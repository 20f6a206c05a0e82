"""Instructions that change the configuration only, and how the history spells them."""

from dataclasses import replace

import pytest

from labkit.base.errors import InvalidInputError
from labkit.builder.metadata import apply_metadata, is_metadata
from labkit.builder.picture import Picture, empty_picture
from labkit.dockerfile.instructions import Instruction
from labkit.dockerfile.stages import read_dockerfile


def _instructions(*lines: str) -> tuple[Instruction, ...]:
    text = "\n".join(("FROM scratch", *lines))
    return read_dockerfile(text).stages[0].instructions


def _apply(*lines: str) -> tuple[Picture, str]:
    picture, history = empty_picture(), ""
    for instruction in _instructions(*lines):
        picture, history = apply_metadata(picture, instruction)
    return picture, history


@pytest.mark.parametrize(
    ("line", "history"),
    [
        ("ENV A=1 B=2", "ENV A=1 B=2"),
        ("LABEL a=1 b=2", "LABEL a=1 b=2"),
        ('CMD ["a", "b c"]', 'CMD ["a" "b c"]'),
        ("CMD a b", 'CMD ["/bin/sh" "-c" "a b"]'),
        ("ENTRYPOINT a", 'ENTRYPOINT ["/bin/sh" "-c" "a"]'),
        ("EXPOSE 80 53/udp", "EXPOSE [53/udp 80/tcp]"),
        ("EXPOSE 8000-8002", "EXPOSE [8000/tcp 8001/tcp 8002/tcp]"),
        ("VOLUME /a /b", "VOLUME [/a /b]"),
        ("USER app:staff", "USER app:staff"),
        ("STOPSIGNAL SIGQUIT", "STOPSIGNAL SIGQUIT"),
        ('SHELL ["/bin/x", "-c"]', "SHELL [/bin/x -c]"),
        ("ONBUILD RUN x", "ONBUILD RUN x"),
        ("MAINTAINER me", "MAINTAINER me"),
        (
            "HEALTHCHECK --interval=5m --timeout=1.5s --retries=2 CMD x y",
            "HEALTHCHECK {Test:[CMD-SHELL x y] Interval:5m0s Timeout:1.5s "
            "StartPeriod:0s StartInterval:0s Retries:2}",
        ),
        (
            "HEALTHCHECK NONE",
            "HEALTHCHECK {Test:[NONE] Interval:0s Timeout:0s StartPeriod:0s "
            "StartInterval:0s Retries:0}",
        ),
    ],
)
def test_spells_the_history(line: str, history: str) -> None:
    assert _apply(line)[1] == history


def test_changes_the_configuration() -> None:
    picture, _ = _apply(
        "ENV A=1",
        "ENV A=2 B=3",
        "LABEL a=1",
        "EXPOSE 80",
        "VOLUME /v",
        "USER u",
        "STOPSIGNAL 9",
        'SHELL ["/s"]',
        "CMD x",
        "MAINTAINER me",
        "ONBUILD RUN y",
    )
    config = picture.config
    assert config.env[1:] == ("A=2", "B=3")
    assert (config.labels, config.user) == ({"a": "1"}, "u")
    assert (config.exposed_ports, config.volumes) == ({"80/tcp": {}}, {"/v": {}})
    assert (config.cmd, config.shell) == (("/s", "x"), ("/s",))
    assert (config.stop_signal, config.on_build) == ("9", ("RUN y",))
    assert picture.image.author == "me"


def test_an_entry_point_clears_the_command_of_the_base_only() -> None:
    base = empty_picture()
    base, _ = apply_metadata(base, _instructions("CMD old")[0])
    inherited = Picture(base.image, (), "", "")
    changed, _ = apply_metadata(inherited, _instructions("ENTRYPOINT e")[0])
    assert changed.config.cmd is None
    own, _ = _apply("CMD new", "ENTRYPOINT e")
    assert own.config.cmd is not None


@pytest.mark.parametrize("line", ["EXPOSE 99999", "EXPOSE x", "STOPSIGNAL SIGX"])
def test_refuses_what_makes_no_sense(line: str) -> None:
    with pytest.raises(InvalidInputError):
        _apply(line)


def test_knows_what_makes_no_files() -> None:
    kinds = _instructions("RUN x", "COPY a b", "WORKDIR /", "ENV A=1", "ARG B")
    assert [is_metadata(one) for one in kinds] == [False, False, False, True, True]


class _Watched(str):
    """A variable that says how often it was looked at."""

    looks = 0

    def startswith(self, *found: object) -> bool:
        type(self).looks += 1
        return super().startswith(*found)  # type: ignore[arg-type]


def test_a_new_variable_is_not_looked_for_among_all_before() -> None:
    """Eight thousand ENV took the square of it."""
    picture, _ = _apply(*(f"ENV V{number}=1" for number in range(50)))
    watched = tuple(_Watched(one) for one in picture.config.env)
    picture = picture.configured(replace(picture.config, env=watched))
    _Watched.looks = 0
    changed, _ = apply_metadata(picture, *_instructions("ENV NEW=1 V=2"))
    assert changed.config.env == (*watched, "NEW=1", "V=2")
    assert _Watched.looks == 0
    changed, _ = apply_metadata(picture, *_instructions("ENV V7=2"))
    assert changed.environment["V7"] == "2"
    assert "V7=2" in changed.config.env
    assert _Watched.looks > 0
