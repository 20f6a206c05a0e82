import pytest

from labkit.grading.probes import CouldNotCheckError, NetworkProbe, Observation
from tests.unit.grading.build import DOWN, fields, find, make_network, see


def test_names_the_network_that_is_missing():
    (finding,) = find("network", see(), name="net")
    assert (finding.field, finding.found) == ("name", "no such network")


def test_an_engine_that_is_down_is_no_missing_network():
    with pytest.raises(CouldNotCheckError):
        find("network", Observation({NetworkProbe("net"): DOWN}), name="net")


@pytest.mark.parametrize(
    ("setting", "good", "bad"),
    [
        ("driver", "bridge", "macvlan"),
        ("internal", False, True),
        ("subnet", "10.9.0.0/24", "10.8.0.0/24"),
        ("subnet", "10.9.0.7/24", "10.9.0.0/16"),
        ("gateway", "10.9.0.1", "10.9.0.2"),
        ("members", ["a"], ["a", "c"]),
        ("only_members", ["a", "b"], ["a"]),
        ("not_members", ["c"], ["b"]),
        ("labels", {"team": "red"}, {"team": "blue"}),
    ],
)
def test_looks_at_a_setting_only_if_asked(setting, good, bad):
    seen = see(make_network(members=frozenset({"a", "b"}), labels={"team": "red"}))
    assert fields("network", seen, name="net") == []
    assert fields("network", seen, name="net", **{setting: good}) == []
    (field,) = fields("network", seen, name="net", **{setting: bad})
    assert field.split(".")[0] == setting


def test_says_which_way_a_network_must_be_made_again():
    (finding,) = find("network", see(make_network()), name="net", internal=True)
    assert finding.next_step.endswith("with `--internal`")
    seen = see(make_network(internal=True))
    (finding,) = find("network", seen, name="net", internal=False)
    assert finding.next_step.endswith("without `--internal`")
