import shlex

import pytest
from pydantic import ValidationError

from labkit.grading.probes import (
    CommandProbe,
    CommandResult,
    FileProbe,
    ImageProbe,
    LogsProbe,
    StoredFileProbe,
    Text,
    Volume,
    VolumeProbe,
)
from tests.unit.grading.build import fields, find, make_container, make_image, see

WEB = make_container()
FILE = FileProbe("web", "/etc/motd")


def _file(answer, **params):
    seen = see(WEB, more={FILE: answer})
    return fields("file", seen, container="web", path="/etc/motd", **params)


def test_a_file_must_be_there_with_its_text():
    assert _file(Text("hello\n")) == []
    assert _file(Text("hello\n"), equals="hello", contains="ell") == []
    assert _file(None) == ["file./etc/motd"]
    assert _file(Text("bye"), contains="hello") == ["file./etc/motd"]
    assert _file(Text("bye"), equals="hello") == ["file./etc/motd"]


def test_a_file_may_have_to_be_gone():
    assert _file(None, absent=True) == []
    assert _file(Text(""), absent=True) == ["file./etc/motd"]


def test_a_file_may_have_to_belong_to_somebody():
    assert _file(Text("x", owner=1234), owner=1234) == []
    assert _file(Text("x"), owner=1234) == ["owner"]
    assert _file(None, owner=1234) == ["file./etc/motd"]


def test_logs_are_searched():
    seen = see(WEB, more={LogsProbe("web"): Text("one\nport 80 open\n")})
    assert fields("logs", seen, container="web", contains="port 80") == []
    assert fields("logs", seen, container="web", matches=r"port \d+ open") == []
    assert fields("logs", seen, container="web", contains="port .*") == ["logs"]


def test_logs_may_have_come_through_a_terminal():
    seen = see(WEB, more={LogsProbe("web"): Text("hello red\r\nbye\r\n")})
    assert fields("logs", seen, container="web", matches="(?m)^hello red$") == []
    assert fields("logs", seen, container="web", matches=r"red\nbye") == []


@pytest.mark.parametrize(
    ("pattern", "spelled"),
    [
        ("(?m)^hello spruce$", "the line 'hello spruce'"),
        (r"(?m)^opal\s*$", "the line 'opal'"),
        ("(?m)^done", "a line like ^done"),
        (r"port \d+ open", r"a line like port \d+ open"),
    ],
)
def test_says_which_line_is_missing(pattern, spelled):
    seen = see(WEB, more={LogsProbe("web"): Text("other\n")})
    (finding,) = find("logs", seen, container="web", matches=pattern)
    assert finding.expected == spelled


def _ran(result, **params):
    seen = see(WEB, more={CommandProbe("web", ("cat", "/x")): result})
    return find("command", seen, container="web", run=["cat", "/x"], **params)


def test_a_command_must_end_well_and_say_so():
    assert _ran(CommandResult(0, "token\n"), contains="token") == []
    (finding,) = _ran(CommandResult(1, "cat: no such file"))
    assert finding.field == "exit_code"
    assert finding.found == "1: cat: no such file"
    (finding,) = _ran(CommandResult(0, ""), contains="token")
    assert (finding.field, finding.found) == ("output", "nothing")
    assert _ran(CommandResult(1, ""), exit_code=1) == []
    (finding,) = _ran(CommandResult(1, ""))
    assert finding.found == "1, and nothing was printed"


@pytest.mark.parametrize(
    ("script", "spelled"),
    [
        (r"tr ' ' '\n' </x", '''"tr ' ' '\\n' </x"'''),
        ("cat /x", "'cat /x'"),
        ('test "$(cat /x)" = a', """'test "$(cat /x)" = a'"""),
        ("echo '$X'", shlex.quote("echo '$X'")),
        (r"echo 'a\\b'", shlex.quote(r"echo 'a\\b'")),
        ("echo 'a'\\", shlex.quote("echo 'a'\\")),
    ],
)
def test_the_command_to_try_is_spelled_for_a_shell(script, spelled):
    probe = CommandProbe("web", ("sh", "-c", script))
    seen = see(WEB, more={probe: CommandResult(1, "")})
    (finding,) = find("command", seen, container="web", run=["sh", "-c", script])
    assert finding.next_step == f"try it: `docker exec web sh -c {spelled}`"
    assert shlex.split(spelled) == [script]


def test_a_command_needs_a_running_container():
    seen = see(make_container(status="exited"))
    (finding,) = find("command", seen, container="web", run=["true"])
    assert finding.found == "exited"


@pytest.mark.parametrize(
    ("word", "params"),
    [
        ("file", {"path": "/x"}),
        ("logs", {"contains": "x"}),
        ("command", {"run": ["x"]}),
    ],
)
def test_nothing_can_be_read_in_no_container(word, params):
    assert fields(word, see(), container="web", **params) == ["container"]


@pytest.mark.parametrize(
    ("kind", "holder"),
    [("volume", Volume("store", "local", {})), ("image", make_image())],
)
def test_a_file_may_lie_in_a_volume_or_an_image(kind, holder):
    probes = {"volume": VolumeProbe("store"), "image": ImageProbe("store")}
    stored = StoredFileProbe(kind, "store", "/motd")
    there = {probes[kind]: holder, stored: Text("hello")}
    params = {kind: "store", "path": "/motd", "contains": "hello"}
    assert fields("file", see(more=there), **params) == []
    assert fields("file", see(more={probes[kind]: holder}), **params) == ["file./motd"]
    (finding,) = find("file", see(), **params)
    assert (finding.field, finding.found) == (kind, f"no such {kind}")
    (finding,) = find("file", see(more=there | {stored: None}), **params)
    assert "docker run --rm" in finding.next_step


@pytest.mark.parametrize("holders", [{}, {"container": "a", "image": "b"}])
def test_a_file_has_one_holder(holders):
    with pytest.raises(ValidationError, match="name one of `container`"):
        fields("file", see(), path="/x", **holders)


def test_a_folder_in_the_place_of_a_file_is_neither_a_file_nor_nothing():
    folder = see(
        make_container(), more={FileProbe("web", "/diary"): Text("", kind="folder")}
    )
    (finding,) = find("file", folder, container="web", path="/diary")
    assert finding.found == "a folder"
    (finding,) = find("file", folder, container="web", path="/diary", absent=True)
    assert finding.found == "it is there"


@pytest.mark.parametrize(
    ("holder", "step"),
    [("image", "docker build -t box ."), ("volume", "docker volume create box")],
)
def test_what_holds_the_file_is_to_be_made_first(holder, step):
    (finding,) = find("file", see(), path="/a", **{holder: "box"})
    assert (finding.field, finding.found) == (holder, f"no such {holder}")
    assert step in finding.next_step
