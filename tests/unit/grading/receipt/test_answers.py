import dataclasses
import json
import typing

import pytest

from labkit.base.errors import InvalidInputError
from labkit.grading import probes
from labkit.grading.probes import Answer, Observation, Probe
from labkit.grading.receipt.answers import (
    ANSWERS,
    PROBES,
    read_observation,
    write_observation,
)
from tests.unit.grading.build import (
    attach,
    make_container,
    make_image,
    make_network,
    publish,
)

EVERY_PROBE: tuple[Probe, ...] = (
    probes.ContainerProbe("web"),
    probes.NetworkProbe("net"),
    probes.VolumeProbe("vol"),
    probes.ImageProbe("app"),
    probes.LogsProbe("web"),
    probes.FileProbe("web", "/etc/hosts"),
    probes.StoredFileProbe("volume", "vol", "/word"),
    probes.ImageTextProbe("app", "secret"),
    probes.CommandProbe("web", ("id", "-u")),
    probes.ResolveProbe("web", "db"),
    probes.ConnectProbe("web", "db", 5432, 1.5),
    probes.FetchProbe("web", "http://db/"),
    probes.PageProbe(80, login=("ada", "secret")),
    probes.RegistryProbe(5000, "tools/box", "1", True, ("ada", "secret"), 1.5),
    probes.KernelProbe("web"),
)
EVERY_ANSWER: tuple[Answer, ...] = (
    make_container(
        env={"A": "1"},
        attachments=attach("net", net=("web", "www")),
        ports=(publish("127.0.0.1", 8080, 80),),
        read_only_mounts=frozenset({"/b", "/a"}),
        health="healthy",
    ),
    make_network(members=frozenset({"x", "a", "m"})),
    probes.Volume("vol", "local", {}),
    make_image(),
    probes.Text("a word \x1b \ud83d", 1000),
    probes.CommandResult(1, "no"),
    probes.Resolution(("10.9.0.2",)),
    probes.Connection(True),
    probes.Page(200, "<h1>"),
    probes.RegistryTag(200, "sha256:a", "sha256:b"),
    probes.Kernel(1 << 20, 9, 500_000_000, {"pid": 7}, {"pid": 8}, {"Uid": "0 0 0 0"}),
    probes.Unavailable("not visible here"),
    None,
)


def test_every_kind_of_probe_and_answer_has_a_word():
    inside = typing.get_args(probes.InsideProbe)
    assert set(PROBES.values()) == set(typing.get_args(probes.Probe)) | set(inside)
    assert {type(probe) for probe in EVERY_PROBE} == set(PROBES.values())
    assert set(ANSWERS.values()) == set(typing.get_args(Answer)) - {type(None)}


@pytest.mark.parametrize("answer", EVERY_ANSWER)
def test_an_answer_comes_back_as_it_was(answer):
    seen = Observation(dict.fromkeys(EVERY_PROBE, answer))
    text = json.dumps(write_observation(seen))
    assert read_observation(json.loads(text)) == seen


def test_no_record_has_a_field_in_the_place_of_its_word():
    for record in (*PROBES.values(), *ANSWERS.values()):
        assert "type" not in {field.name for field in dataclasses.fields(record)}


def test_the_order_of_asking_does_not_matter():
    one = Observation(dict.fromkeys(EVERY_PROBE))
    other = Observation(dict.fromkeys(reversed(EVERY_PROBE)))
    assert write_observation(one) == write_observation(other)


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({}, "no list"),
        ([1], "without probe or answer"),
        ([{"probe": {"type": "swarm"}, "answer": None}], "unknown kind 'swarm'"),
        ([{"probe": {"type": ["a"]}, "answer": None}], "unknown kind"),
        ([{"probe": 1, "answer": None}], "unknown kind None"),
        ([{"probe": {"type": "network"}, "answer": None}], "network.name: .*required"),
        (
            [{"probe": {"type": "network", "name": "a"}, "answer": {"type": "text"}}],
            "text.text: .*required",
        ),
    ],
)
def test_what_is_no_observation_is_refused(document, problem):
    with pytest.raises(InvalidInputError, match=problem):
        read_observation(document)
