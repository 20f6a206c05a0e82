import pytest
from pydantic import ValidationError

from labkit.grading.checks.settings import ContainerParams


def test_a_running_container_is_what_is_meant_by_default():
    assert ContainerParams(name="web").state == "running"


def test_takes_numbers_and_switches_of_the_environment_as_text():
    params = ContainerParams.model_validate(
        {"name": "web", "env": {"PORT": 80, "DEBUG": True, "RATE": 0.5}}
    )
    assert params.env == {"PORT": "80", "DEBUG": "true", "RATE": "0.5"}


def test_refuses_a_setting_that_it_does_not_know():
    with pytest.raises(ValidationError, match="imgae"):
        ContainerParams.model_validate({"name": "web", "imgae": "nginx"})


def test_refuses_a_state_that_is_none():
    with pytest.raises(ValidationError, match="state"):
        ContainerParams.model_validate({"name": "web", "state": "runing"})
