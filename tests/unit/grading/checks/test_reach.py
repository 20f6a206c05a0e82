import pytest
from pydantic import ValidationError

from labkit.grading.checks.reach import AnswersParams, HttpParams
from labkit.grading.checks.table import FAMILIES
from labkit.grading.probes import (
    Connection,
    ConnectProbe,
    CouldNotCheckError,
    FetchProbe,
    Page,
    PageProbe,
    Resolution,
    ResolveProbe,
)
from tests.unit.grading.build import DOWN, attach, fields, find, make_container, see

WEB = make_container("web", attachments=attach("net", ip="10.9.0.2"))
TOOL = make_container("tool")
LOOKUP = ResolveProbe("tool", "web")


def _resolved(*addresses):
    return see(WEB, TOOL, more={LOOKUP: Resolution(addresses)})


def test_a_name_must_have_an_address():
    asked = {"from": "tool", "name": "web"}
    assert fields("resolves", _resolved("10.9.0.2"), **asked) == []
    assert fields("resolves", _resolved(), **asked) == ["resolves"]
    (finding,) = find("resolves", _resolved(), **asked)
    assert "Aliases" not in finding.next_step


def test_a_second_name_is_given_where_its_owner_joins():
    asked = {"from": "tool", "name": "web", "to": "server"}
    (finding,) = find("resolves", _resolved(), **asked)
    assert "of server, and the names that it has there (Al" in finding.next_step


def test_a_name_may_have_to_be_unknown():
    asked = {"from": "tool", "name": "web", "resolves": False}
    assert fields("resolves", _resolved(), **asked) == []
    (finding,) = find("resolves", _resolved("10.9.0.2"), **asked)
    assert finding.found == "10.9.0.2"


def test_a_name_must_lead_to_its_container():
    asked = {"from": "tool", "name": "web", "to": "web"}
    assert fields("resolves", _resolved("10.9.0.2"), **asked) == []
    assert fields("resolves", _resolved("10.9.0.9"), **asked) == ["to"]


@pytest.mark.parametrize(
    ("word", "params"),
    [
        ("resolves", {"name": "web"}),
        ("answers", {"host": "web", "port": 80}),
        ("http", {"host": "web", "port": 80}),
    ],
)
def test_a_stopped_container_can_not_ask(word, params):
    for seen, found in (
        (see(make_container("tool", status="exited")), "exited"),
        (see(), "no such container"),
    ):
        (finding,) = find(word, seen, **{"from": "tool"}, **params)
        assert (finding.field, finding.found) == ("from", found)


def test_an_unanswered_question_is_no_verdict():
    with pytest.raises(CouldNotCheckError):
        find("resolves", see(TOOL, more={LOOKUP: DOWN}), **{"from": "tool"}, name="web")


def test_a_port_must_or_must_not_answer():
    def seen(opened, within):
        return see(
            TOOL, more={ConnectProbe("tool", "web", 80, within): Connection(opened)}
        )

    asked = {"from": "tool", "host": "web", "port": 80}
    assert fields("answers", seen(True, 2), **asked) == []
    assert fields("answers", seen(False, 2), **asked) == ["answers"]
    assert fields("answers", seen(False, 0), **asked, answers=False) == []
    assert fields("answers", seen(True, 0), **asked, answers=False) == ["answers"]


def test_silence_is_not_waited_for():
    params = AnswersParams.model_validate(
        {"from": "tool", "host": "web", "port": 80, "answers": False, "within": 5}
    )
    probes = list(FAMILIES["answers"].probes(params))
    assert ConnectProbe("tool", "web", 80, 0) in probes


def _page(page, **params):
    probe = PageProbe(8081, "/", "", None, 2)
    return find("http", see(more={probe: page}), port=8081, **params)


def test_a_page_must_answer_with_status_and_text():
    assert _page(Page(200, "Hello world")) == []
    assert _page(Page(200, "Hello world"), contains="world") == []
    assert [item.field for item in _page(Page(404, "none"))] == ["status"]
    assert _page(Page(404, "none"), status=404) == []
    assert _page(Page(500, "none"), status=None) == []
    (finding,) = _page(Page(200, "Bye " * 50), contains="world")
    assert finding.field == "body"
    assert finding.found.endswith("...")


def test_no_server_is_told_with_its_reason():
    (finding,) = _page(Page(0, "", "connection refused"))
    assert (finding.field, finding.found) == ("http", "connection refused")


def test_a_page_may_have_to_be_closed():
    probe = PageProbe(8081, "/", "", None, 0)
    for page, expected in ((Page(0, ""), []), (Page(403, ""), ["http"])):
        seen = see(more={probe: page})
        assert fields("http", seen, port=8081, answers=False) == expected


def test_a_page_can_be_asked_for_from_inside():
    probe = FetchProbe("tool", "http://web:80/x", 2)
    seen = see(TOOL, more={probe: Page(200, "ok")})
    asked = {"from": "tool", "host": "web", "port": 80, "path": "/x"}
    assert fields("http", seen, **asked, contains="ok") == []


@pytest.mark.parametrize(
    "params",
    [
        {"from": "tool", "port": 80},
        {"from": "tool", "host": "web", "port": 80, "login": ["a", "b"]},
        {"port": 0},
        {"port": 70000},
        {"port": 80, "within": 100},
    ],
)
def test_refuses_questions_that_make_no_sense(params):
    with pytest.raises(ValidationError):
        HttpParams.model_validate(params)


def test_who_is_paused_is_not_to_be_started():
    seen = see(make_container("box", status="paused"))
    (finding,) = find("resolves", seen, **{"from": "box", "name": "web"})
    assert finding.next_step == "`docker unpause box`"
