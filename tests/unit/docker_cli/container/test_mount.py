import pytest

from labkit.docker_cli.container.mount import parse_mount


def test_reads_each_kind_of_mount():
    assert parse_mount("type=bind,source=/a,target=/b,readonly") == {
        "Type": "bind",
        "Source": "/a",
        "Target": "/b",
        "ReadOnly": True,
    }
    volume = parse_mount("src=v,dst=/x,volume-label=a=b,volume-opt=o=p,volume-nocopy")
    assert volume == {
        "Type": "volume",
        "Source": "v",
        "Target": "/x",
        "VolumeOptions": {
            "Labels": {"a": "b"},
            "DriverConfig": {"Options": {"o": "p"}},
            "NoCopy": True,
        },
    }
    tmpfs = parse_mount("type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=1777")
    assert tmpfs["TmpfsOptions"] == {"SizeBytes": 1 << 20, "Mode": 0o1777}
    bind = parse_mount("type=bind,src=/a,dst=/b,bind-recursive=disabled")
    assert bind["BindOptions"] == {"NonRecursive": True}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "EOF"),
        ("type", "invalid field 'type' must be a key=value pair"),
        ("type=", "invalid value for 'type': value is empty"),
        ("type=bind, src=/a", "invalid option 'src' in ' src=/a'"),
        ("type=bind,src= /a", "value should not have whitespace"),
        ("type=bind,odd=1,dst=/x", "unexpected key 'odd' in 'odd=1'"),
        ("type=bind,src=/a", "target is required"),
        ("type=tmpfs,dst=/x,tmpfs-size=x", "invalid value for tmpfs-size: x"),
        ("type=bind,dst=/x,volume-nocopy", "cannot mix 'volume-\\*' options"),
        ("type=bind,dst=/x,ro=odd", "invalid value for ro: odd"),
        ("type=bind,dst=/x,bind-recursive=odd", 'must be "enabled", "disabled"'),
    ],
)
def test_refuses_in_docker_clis_words(text, said):
    with pytest.raises(ValueError, match=said):
        parse_mount(text)
