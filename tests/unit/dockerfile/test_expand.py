"""Which parts of an instruction have variables."""

import pytest

from labkit.dockerfile import instructions as typed
from labkit.dockerfile.errors import DockerfileError
from labkit.dockerfile.expand import Scope, expand
from labkit.dockerfile.instructions import Instruction
from labkit.dockerfile.interpret import interpret
from labkit.dockerfile.parser import parse_dockerfile

ENV = {"A": "1 2", "B": "b"}


def expanded(text: str) -> Instruction:
    (node,) = parse_dockerfile(text).nodes
    return expand(interpret(node), Scope(ENV))


def test_words_are_expanded() -> None:
    env = expanded("ENV $B='$A' c=\"x $A\" d=$B$c")
    assert isinstance(env, typed.Env)
    assert [(p.name, p.value) for p in env.pairs] == [
        ("b", "$A"),
        ("c", "x 1 2"),
        ("d", "b"),
    ]
    label = expanded('LABEL $B="${A%% *}"')
    assert isinstance(label, typed.Label)
    assert (label.pairs[0].name, label.pairs[0].value) == ("b", "1")
    from_ = expanded("FROM --platform=$B x:$B")
    assert isinstance(from_, typed.From)
    assert (from_.platform, from_.base) == ("b", "x:b")


def test_transfers_are_expanded_but_for_their_source_stage() -> None:
    copy = expanded("COPY --chown=$B --chmod=${B} --from=x $B/*.txt a /$B/")
    assert isinstance(copy, typed.Copy)
    assert (copy.chown, copy.chmod) == ("b", "b")
    assert (copy.sources, copy.destination) == (("b/*.txt", "a"), "/b/")
    add = expanded("ADD --checksum=$B http://x/$B /")
    assert isinstance(add, typed.Add)
    assert (add.checksum, add.sources) == ("b", ("http://x/b",))


def test_here_documents_are_expanded_unless_quoted() -> None:
    copy = expanded("COPY <<E <<'F' /\nit's \"$B\" \\$B\nE\n$B\nF\n")
    assert isinstance(copy, typed.Copy)
    assert [file.content for file in copy.files] == ['it\'s "b" $B\n', "$B\n"]


def test_ports_fall_into_words() -> None:
    expose = expanded("EXPOSE $A 80")
    assert isinstance(expose, typed.Expose)
    assert expose.ports == ("1", "2", "80")


def test_mounts_get_their_variables() -> None:
    run = expanded("RUN --mount=type=$T,target=/$B echo $B".replace("$T", "cache"))
    assert isinstance(run, typed.Run)
    assert run.mounts[0].target == "/b"
    assert run.command.words == ("echo $B",)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("USER $B", "user", "b"),
        ("WORKDIR /$B", "path", "/b"),
        ("STOPSIGNAL $B", "signal", "b"),
        ("VOLUME /$B", "paths", ("/b",)),
        ('VOLUME ["/$B x"]', "paths", ("/b x",)),
        ("MAINTAINER $B", "maintainer", "$B"),
        ('SHELL ["$B"]', "words", ("$B",)),
        ("ONBUILD RUN $B", "expression", "RUN $B"),
    ],
)
def test_others_are_or_are_not(text: str, field: str, value: object) -> None:
    assert getattr(expanded(text), field) == value


def test_commands_are_left_to_their_shell() -> None:
    for name in ("RUN", "CMD", "ENTRYPOINT"):
        assert expanded(f"{name} echo $B").command.words == ("echo $B",)  # type: ignore[attr-defined]


def test_names_asked_for_in_vain_are_noted() -> None:
    scope = Scope(ENV)
    expand(interpret(parse_dockerfile("USER $B$C${D:-x}").nodes[0]), scope)
    assert scope.unmatched == {"C", "D"}


def test_what_makes_no_sense_has_its_line() -> None:
    with pytest.raises(DockerfileError, match="on line 2: failed to process"):
        expanded("\nUSER ${A")
    with pytest.raises(DockerfileError, match="on line 1: unexpected key 'x'"):
        expanded("RUN --mount=x=y true")
