"""Bundled images and registries, in the order that settings give them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.base.machine import host_architecture
from labkit.base.reference import parse_bare_reference, parse_reference
from labkit.images.hub import Hub, UnfoundError, Wish
from labkit.images.platforms import parse_platform
from labkit.images.registry.failures import RefusedError, UnreachableError
from labkit.images.registry.model import ANONYMOUS, Credentials, Settings
from labkit.images.registry.retry import Patience
from labkit.images.store import ImageStore
from labkit.images.transfer import (
    PullEnded,
    PullWarning,
    PushEnded,
    TransferEvent,
)
from labkit.spec.image import Platform
from tests.contract.fakes.registry import PASSWORD, USER, FakeRegistry
from tests.unit.images.fakes import MemorySnapshots, config_of, layer_tar, source_of
from tests.unit.images.test_bundled import put_layout

TAR = layer_tar({"real": b"thing"})
NOBODY = "http://127.0.0.1:1"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ImageStore]:
    store = ImageStore(tmp_path / "data", MemorySnapshots())
    yield store
    store.close()


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    with FakeRegistry() as registry:
        yield registry


class Pulled:
    """Pulls by a hub and keeps what it told."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.told: list[TransferEvent] = []

    def pull(self, name: str, platform: str = "") -> tuple[PullEnded, ...]:
        wanted = parse_platform(platform) if platform else None
        wish = Wish(parse_bare_reference(name), wanted)
        return self.hub.pull(wish, Patience(second=0.0), self.told.append)


def hub_of(
    store: ImageStore, bundled: Path | None, mirror: str = NOBODY, first: bool = False
) -> Pulled:
    # A mirror stands for the hub, which no test may ask; it is never there itself.
    settings = Settings(mirrors=(mirror,))
    return Pulled(Hub(store, settings, (bundled,) if bundled else (), first))


def mirror_of(registry: FakeRegistry) -> str:
    return f"http://{registry.host}"


def test_bundled_images_need_no_registry(
    store: ImageStore, tmp_path: Path, registry: FakeRegistry
) -> None:
    registry.put_image("library/app", "1", TAR)
    hub = hub_of(store, put_layout(tmp_path), mirror_of(registry))
    (ended,) = hub.pull("app:1")
    assert ended.is_new
    assert registry.store.asked == []
    (again,) = hub.pull("app:1")
    assert not again.is_new


def test_upstream_goes_first_where_it_is_told(
    store: ImageStore, tmp_path: Path, registry: FakeRegistry
) -> None:
    manifest = registry.put_image("library/app", "1", TAR)
    bundled = put_layout(tmp_path)
    hub = hub_of(store, bundled, mirror_of(registry), first=True)
    (ended,) = hub.pull("app:1")
    assert ended.image.id.text == manifest["config"]["digest"]


@pytest.mark.slow
def test_a_registry_has_what_is_not_bundled(
    store: ImageStore, tmp_path: Path, registry: FakeRegistry
) -> None:
    registry.put_image("library/other", "1", TAR)
    hub = hub_of(store, put_layout(tmp_path), mirror_of(registry))
    assert hub.pull("other:1")[0].is_new
    local = Pulled(Hub(store, Settings(), (put_layout(tmp_path),)))
    registry.put_image("app", "1", TAR)
    assert local.pull(f"{registry.host}/app:1")[0].is_new
    with pytest.raises(UnfoundError) as nowhere:
        local.pull(f"{registry.host}/app:9")
    assert not nowhere.value.was_bundled_asked
    assert isinstance(nowhere.value.cause, RefusedError)


def test_pulls_all_tags(store: ImageStore, registry: FakeRegistry) -> None:
    for tag in ("1", "2"):
        registry.put_image("app", tag, TAR)
    hub = hub_of(store, None)
    ended = hub.pull(f"{registry.host}/app")
    assert [one.reference.tag for one in ended] == ["1", "2"]


def test_warns_of_an_image_for_another_platform(
    store: ImageStore, registry: FakeRegistry
) -> None:
    registry.put_image("app", "1", TAR, architecture="arm64")
    hub = hub_of(store, None)
    hub.pull(f"{registry.host}/app:1", "linux/s390x")
    (warning,) = [one for one in hub.told if isinstance(one, PullWarning)]
    assert (warning.wanted, warning.found) == ("linux/s390x", "linux/arm64")


def test_bundled_images_for_another_machine_lie_beside_ours(
    store: ImageStore, tmp_path: Path
) -> None:
    other = {"amd64": "arm64", "arm64": "amd64"}[host_architecture()]
    hub = hub_of(store, put_layout(tmp_path, host_architecture()))
    hub.pull("app:1", f"linux/{other}")
    (warning,) = [one for one in hub.told if isinstance(one, PullWarning)]
    assert warning.found == f"linux/{host_architecture()}"
    put_layout(tmp_path / other, other)
    hub.told.clear()
    (ended,) = hub.pull("app:1", f"linux/{other}")
    assert ended.image.config.architecture == other
    assert not any(isinstance(one, PullWarning) for one in hub.told)
    (own,) = hub.pull("app:1")
    assert own.image.config.architecture == host_architecture()
    assert hub.hub._folders(Platform("../x", "linux")) == hub.hub.bundled


@pytest.mark.slow
def test_what_is_bundled_and_here_is_up_to_date_without_anybody(
    store: ImageStore, tmp_path: Path
) -> None:
    """The engine may have been given its images by hand, or from a cache now gone."""
    config = config_of([TAR], config={"Labels": {"io.labkit.edition": "lab"}})
    store.add(config, [source_of(TAR)], [parse_reference("known:1")])
    store.add(config_of([TAR]), [source_of(TAR)], [parse_reference("own:1")])
    hub = hub_of(store, tmp_path / "absent")
    (ended,) = hub.pull("known:1")
    assert (ended.is_new, ended.digest) == (False, None)
    with pytest.raises(UnfoundError) as nowhere:
        hub.pull("own:1")
    assert nowhere.value.was_bundled_asked
    assert isinstance(nowhere.value.cause, UnreachableError)


def test_says_what_a_name_stands_for(
    store: ImageStore, tmp_path: Path, registry: FakeRegistry
) -> None:
    registry.put_image("app", "1", TAR)
    hub = hub_of(store, put_layout(tmp_path)).hub
    for name in (f"{registry.host}/app:1", "app:1"):
        found = hub.inspect(Wish(parse_reference(name)), Patience())
        assert [platform.architecture for platform in found.platforms] == ["amd64"]
        assert found.media_type.endswith("+json")
    assert store.list() == ()
    with pytest.raises(UnfoundError):
        hub.inspect(Wish(parse_reference(f"{registry.host}/app:9")), Patience())


def test_what_was_pushed_can_be_pulled(
    store: ImageStore, tmp_path: Path, registry: FakeRegistry
) -> None:
    hub = hub_of(store, None)
    reference = parse_reference(f"{registry.host}/team/app:1")
    image = store.add(config_of([TAR]), [source_of(TAR)], [reference])
    told: list[TransferEvent] = []
    (ended,) = hub.hub.push([(reference, image)], ANONYMOUS, Patience(), told.append)
    assert told[-1] == ended
    assert isinstance(ended, PushEnded)
    other = ImageStore(tmp_path / "other", MemorySnapshots())
    (pulled,) = hub_of(other, None).pull(reference.familiar)
    assert (pulled.image.id, pulled.digest) == (image.id, ended.digest)
    assert other.history(pulled.image) == store.history(image)
    other.close()


def test_logs_in(store: ImageStore) -> None:
    with FakeRegistry("basic") as registry:
        Hub(store).log_in(registry.host, Credentials(USER, PASSWORD))
        with pytest.raises(RefusedError):
            Hub(store).log_in(registry.host, Credentials(USER, "no"))


def test_an_index_without_our_platform_is_not_found(
    store: ImageStore, registry: FakeRegistry
) -> None:
    index = {"schemaVersion": 2, "manifests": []}
    registry.put_manifest("app", "1", index, "application/vnd.oci.image.index.v1+json")
    with pytest.raises(UnfoundError) as nowhere:
        hub_of(store, None).pull(f"{registry.host}/app:1")
    assert isinstance(nowhere.value.cause, NotFoundError)
