import pytest

from labkit.base.errors import InvalidInputError
from labkit.grading.expect import evaluate, parse_expectation
from labkit.grading.model import Outcome


def test_each_word_becomes_a_check_worth_a_point():
    checks = parse_expectation(
        {"network": {"name": "${net}"}, "container": [{"name": "a"}, {"name": "b"}]},
        {"net": "mongo-net"},
    )
    assert [check.id for check in checks] == ["network-1", "container-1", "container-2"]
    assert checks[0].title == "network mongo-net is there as asked"
    assert all(check.points == 1 for check in checks)


@pytest.mark.parametrize(
    ("expectation", "message"),
    [
        ({"netwrk": {}}, r"unknown expectation 'netwrk' \(did you mean 'network'\?\)"),
        (
            {"network": {"name": "a", "drivr": "b"}},
            r"unknown key 'network.drivr' \(did you mean 'driver'\?\)",
        ),
        ({"http": {}}, "http.port: Field required"),
        ({"network": {"name": "${x}"}}, r"unknown value \$\{x\}"),
    ],
)
def test_says_what_is_wrong_with_an_expectation(expectation, message):
    with pytest.raises(InvalidInputError, match=message):
        parse_expectation(expectation, {})


def test_without_an_engine_nothing_could_be_checked(tmp_path):
    (verdict,) = evaluate(f"unix://{tmp_path}/none.sock", {"network": {"name": "net"}})
    assert verdict.outcome is Outcome.COULD_NOT_CHECK
    assert "no such file or directory" in (verdict.reason or "")
