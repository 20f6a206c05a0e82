"""What each instruction says, and what is wrong with some."""

import pytest

from labkit.dockerfile import instructions as typed
from labkit.dockerfile.arguments import GRAMMARS
from labkit.dockerfile.errors import DockerfileError
from labkit.dockerfile.instructions import Command, Definition, Instruction, Pair
from labkit.dockerfile.interpret import INSTRUCTIONS, interpret
from labkit.dockerfile.parser import parse_dockerfile


def read(text: str) -> Instruction:
    (node,) = parse_dockerfile(text).nodes
    return interpret(node)


def test_reads_from() -> None:
    found = read("from --platform=$BUILDPLATFORM a:1 As Build-1.x")
    assert isinstance(found, typed.From)
    assert (found.base, found.stage) == ("a:1", "build-1.x")
    assert found.platform == "$BUILDPLATFORM"
    assert found.name == "FROM"


def test_reads_commands_in_both_forms() -> None:
    run = read("RUN --network=none --mount=type=cache,target=/x echo a  b")
    assert isinstance(run, typed.Run)
    assert run.command == Command(("echo a  b",), is_shell=True)
    assert (run.network, run.security, len(run.mounts)) == ("none", "sandbox", 1)
    cmd = read('CMD ["a", "b"]')
    assert isinstance(cmd, typed.Cmd)
    assert cmd.command == Command(("a", "b"), is_shell=False)
    empty = read("ENTRYPOINT []")
    assert isinstance(empty, typed.Entrypoint)
    assert empty.command == Command((), is_shell=False)


def test_a_here_document_belongs_to_the_command() -> None:
    run = read("RUN cat <<E\nhi\nE\n")
    assert isinstance(run, typed.Run)
    assert [one.content for one in run.command.heredocs] == ["hi\n"]


def test_reads_pairs_in_both_forms() -> None:
    env = read('ENV a=1 b="x y"')
    assert isinstance(env, typed.Env)
    assert env.pairs == (Pair("a", "1"), Pair("b", '"x y"'))
    label = read("LABEL a b c")
    assert isinstance(label, typed.Label)
    assert label.pairs == (Pair("a", "b c", is_legacy=True),)
    arg = read("ARG a b= c=d=e")
    assert isinstance(arg, typed.Arg)
    assert arg.definitions == (
        *(Definition("a"), Definition("b", ""), Definition("c", "d=e")),
    )


def test_reads_copy_with_all_its_flags() -> None:
    copy = read(
        "COPY --from=b --chown=1:2 --chmod=755 --link --parents "
        "--exclude=*.o --exclude=x a b /c/"
    )
    assert isinstance(copy, typed.Copy)
    assert (copy.from_, copy.chown, copy.chmod) == ("b", "1:2", "755")
    assert (copy.link, copy.parents, copy.excludes) == (True, True, ("*.o", "x"))
    assert (copy.sources, copy.destination) == (("a", "b"), "/c/")


def test_reads_add_with_its_own_flags() -> None:
    add = read("ADD --checksum=sha256:1 --keep-git-dir=true --unpack=false u /d")
    assert isinstance(add, typed.Add)
    assert (add.checksum, add.keep_git_dir, add.unpack) == ("sha256:1", True, False)


def test_files_of_copy_may_be_written_in_place() -> None:
    copy = read('COPY <<-"a.txt" x <<b /d/\n\t1\na.txt\n2 $x\nb\n')
    assert isinstance(copy, typed.Copy)
    assert copy.sources == ("x",)
    assert [(f.name, f.content, f.expand) for f in copy.files] == [
        ("a.txt", "1\n", False),
        ("b", "2 $x\n", True),
    ]


def test_onbuild_keeps_the_line_for_later() -> None:
    onbuild = read("onbuild  run  cat <<E\nhi\nE\n")
    assert isinstance(onbuild, typed.OnBuild)
    assert onbuild.expression == "run  cat <<E\nhi\nE"


def test_reads_the_small_ones() -> None:
    assert read("EXPOSE 90 80/tcp").ports == ("80/tcp", "90")  # type: ignore[attr-defined]
    assert read('VOLUME ["/a b"]').paths == ("/a b",)  # type: ignore[attr-defined]
    assert read("USER a:b").user == "a:b"  # type: ignore[attr-defined]
    assert read("WORKDIR /a b").path == "/a b"  # type: ignore[attr-defined]
    assert read("STOPSIGNAL 9").signal == "9"  # type: ignore[attr-defined]
    assert read("MAINTAINER me <m@e>").maintainer == "me <m@e>"  # type: ignore[attr-defined]
    assert read('SHELL ["a", "-c"]').words == ("a", "-c")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("RUNN x", "unknown instruction: RUNN (did you mean RUN?)"),
        ("form x", "unknown instruction: form (did you mean from?)"),
        ("HELLO x", "unknown instruction: HELLO (did you mean SHELL?)"),
        ("XYZZY", "unknown instruction: XYZZY"),
        ("FROM", "FROM requires either one or three arguments"),
        ("FROM a b", "FROM requires either one or three arguments"),
        ("FROM a as 1x", 'invalid name for build stage: "1x", name can\'t start with'),
        ("FROM --form=x a", "unknown flag: --form"),
        ("ARG", "ARG requires at least one argument"),
        ("ARG =x", "ARG names can not be blank"),
        ("ENV", "ENV requires at least one argument"),
        ("ENV =x", "ENV names can not be blank"),
        ("RUN --network=x y", 'invalid network mode "x"'),
        ("RUN --security=x y", 'security "x" is not valid'),
        ("RUN --device=x y", "RUN --device isn't supported"),
        ("RUN --mount=from=$x y", "'from' doesn't support variable expansion"),
        ("COPY a", "COPY requires at least two arguments, but only one was provided."),
        ("COPY --parent a b", "unknown flag: --parent (did you mean parents?)"),
        ("COPY a <<E\nE", "COPY cannot accept a heredoc as a destination"),
        ("ADD --from=x a b", "unknown flag: --from"),
        ("VOLUME", "VOLUME requires at least one argument"),
        ('VOLUME [" "]', "VOLUME specified can not be an empty string"),
        ("USER", "USER requires exactly one argument"),
        ("WORKDIR", "WORKDIR requires exactly one argument"),
        ("ONBUILD", "ONBUILD requires at least one argument"),
        ("ONBUILD ONBUILD RUN x", "Chaining ONBUILD via `ONBUILD ONBUILD` isn't"),
        ("ONBUILD from x", "FROM isn't allowed as an ONBUILD trigger"),
        ("SHELL a b", "SHELL requires the arguments to be in JSON form"),
        ("SHELL []", "SHELL requires at least one argument"),
        ("HEALTHCHECK", "HEALTHCHECK requires at least one argument"),
        ("STOPSIGNAL", "STOPSIGNAL requires exactly one argument"),
    ],
)
def test_refuses_with_the_line(text: str, said: str) -> None:
    with pytest.raises(DockerfileError) as raised:
        read(f"\n{text}")
    assert raised.value.message.startswith(f"dockerfile parse error on line 2: {said}")


def test_every_keyword_with_a_grammar_is_an_instruction() -> None:
    assert {*GRAMMARS, "ONBUILD"} == set(INSTRUCTIONS)
