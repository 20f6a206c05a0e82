import pytest

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.template.whole import fill


def test_fills_and_names_type_and_template():
    assert fill("{{.Client.Version}}", {"Client": {"Version": "1"}}, "x.Y") == "1"
    with pytest.raises(CliError) as caught:
        fill("{{.Foo}}", {}, "system.versionInfo", "version")
    assert str(caught.value) == (
        'template: version:1:2: executing "version" at <.Foo>: '
        "can't evaluate field Foo in type system.versionInfo"
    )
    with pytest.raises(CliError) as caught:
        fill("{{.Foo", {}, "x.Y")
    assert caught.value.code == 64
