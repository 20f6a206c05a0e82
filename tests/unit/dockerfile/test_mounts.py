"""``RUN --mount``: what a field means, and where it has no place."""

import pytest

from labkit.dockerfile.errors import Fault
from labkit.dockerfile.mounts import (
    Mount,
    MountType,
    Sharing,
    parse_mount,
    read_mount_source,
)


def mount(text: str) -> Mount:
    return parse_mount(text, lambda value: value.replace("$v", "value"))


def test_reads_each_type() -> None:
    cache = mount("type=cache,target=/c,id=i,sharing=locked,mode=0755,uid=1,gid=2")
    assert (cache.type, cache.sharing) == (MountType.CACHE, Sharing.LOCKED)
    assert (cache.target, cache.id, cache.read_only) == ("/c", "i", False)
    assert (cache.mode, cache.uid, cache.gid) == (0o755, 1, 2)
    bind = mount("from=build,src=/a,dst=/b")
    assert (bind.type, bind.from_, bind.source) == (MountType.BIND, "build", "/a")
    assert (bind.target, bind.read_only) == ("/b", True)
    assert mount("target=/b,rw").read_only is False
    secret = mount("type=secret,id=s,required,env=TOKEN")
    assert (secret.required, secret.env, secret.read_only) == (True, "TOKEN", True)
    assert mount("type=tmpfs,target=/t,size=2m").size_bytes == 2 << 20
    assert mount("type=ssh,required=false").required is False


def test_values_have_variables_and_quotes() -> None:
    assert mount("target=/$v").target == "/value"
    assert mount('type=bind,"source=a,b",target=/x').source == "a,b"


def test_the_source_is_known_before_the_variables() -> None:
    assert read_mount_source("type=bind,from=build,target=/$x").from_ == "build"
    assert read_mount_source("nonsense").from_ == ""
    with pytest.raises(Fault, match="'from' doesn't support variable expansion"):
        read_mount_source("from=$x,target=/y")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("typ=bind", r"unexpected key 'typ' in 'typ=bind' \(did you mean type\?\)"),
        ("type=cach", r'unsupported mount type "cach" \(did you mean cache\?\)'),
        ("type=cache,sharing=x", 'unsupported sharing value "x"'),
        ("target", "invalid field 'target' must be a key=value pair"),
        ("size=1m", "unexpected key 'size' for mount type 'bind'"),
        ("type=tmpfs,size=x", "invalid value for size: x"),
        ("required", "unexpected key 'required' for mount type 'bind'"),
        ("ro=maybe", "invalid value for ro: maybe"),
        ("type=cache,mode=999", "invalid value 999 for mode"),
        ("type=cache,uid=99999999999", "invalid value 99999999999 for uid"),
        ("target=/x,mode=1", 'mode not allowed for "bind" type mounts'),
        ("type=secret", "invalid secret mount. one of source, target required"),
        ("type=secret,id=a,src=b", "both source and id can't be set"),
        ("type=secret,id=a,from=b", "secret mount should not have a from"),
        ("sharing=locked", "invalid cache sharing set for bind mount"),
        ("type=secret,id=a,sharing=locked", "should not define sharing"),
        ('"a', "failed to parse csv mounts"),
    ],
)
def test_refuses(text: str, said: str) -> None:
    with pytest.raises(Fault, match=said):
        mount(text)
