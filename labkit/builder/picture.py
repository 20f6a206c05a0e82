"""What a stage has come to: the image that it would be if it ended here.

A picture is a value. Every step gives a new one: another configuration, perhaps one
more layer, one more line of history. Two keys go along, by which the cache knows it:

    files     what made the files: a RUN of the same command finds the same again
    state     what made all of it: files, configuration and history
"""

from dataclasses import dataclass, field, replace

from labkit.base.clock import format_time
from labkit.base.digest import Digest, chain_id
from labkit.base.machine import host_architecture
from labkit.builder.keys import digest_of
from labkit.builder.variables import Variables
from labkit.dockerfile.configure import set_variables
from labkit.dockerfile.instructions import Pair
from labkit.images.model import BuiltLayer, Image
from labkit.images.store import spell_config
from labkit.spec.image import ContainerDefaults, HistoryEntry, ImageConfig, RootFs

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_MOST_PENDING = 64
COMMENT = "buildkit.dockerfile.v0"
"""What tools look for that read histories: lines are written as BuildKit does."""


@dataclass(frozen=True, slots=True)
class Picture:
    """See the module's text. ``base_id`` is the image that it still is, if any.

    The last lines of history are ``pending``, and the last variables ``fresh_env``:
    in ``whole``, and not yet in ``image``.
    """

    image: ImageConfig
    chain_ids: tuple[Digest, ...]
    files: str
    state: str
    base_id: str = ""
    cmd_set: bool = False
    environment: Variables = field(default_factory=Variables)
    pending: tuple[HistoryEntry, ...] = ()
    fresh_env: tuple[str, ...] = ()

    @property
    def config(self) -> ContainerDefaults:
        config = self.image.config
        if not self.fresh_env:
            return config
        return replace(config, env=(*config.env, *self.fresh_env))

    @property
    def diff_ids(self) -> tuple[Digest, ...]:
        return self.image.rootfs.diff_ids

    @property
    def history(self) -> tuple[HistoryEntry, ...]:
        return (*self.image.history, *self.pending)

    @property
    def whole(self) -> ImageConfig:
        """The image with all of its history and variables."""
        image = replace(self.image, config=self.config, history=self.history)
        if self.pending:
            image = replace(image, created=self.pending[-1].created)
        return image

    @property
    def image_id(self) -> str:
        """The id of the image that this would be."""
        return self.base_id or Digest.of(spell_config(self.whole)).text

    def configured(self, config: ContainerDefaults) -> "Picture":
        image = replace(self.image, config=config)
        return replace(self, image=image, fresh_env=())

    def with_env(self, pairs: tuple[Pair, ...]) -> "Picture":
        """Set variables, in the image, too."""
        values = {pair.name: pair.value for pair in pairs}
        environment = self.environment.extended(values)
        if any(name in self.environment for name in values):  # in its old place
            env = set_variables(self.config.env, pairs)
            changed = self.configured(replace(self.config, env=env))
            return replace(changed, environment=environment)
        added = (f"{name}={value}" for name, value in values.items())
        fresh = (*self.fresh_env, *added)
        changed = replace(self, environment=environment, fresh_env=fresh)
        if len(fresh) < _MOST_PENDING:
            return changed
        return changed.configured(changed.config)

    def with_variable(self, name: str, value: str) -> "Picture":
        """Set a variable for what follows; it need not be in the image."""
        return replace(self, environment=self.environment.extended({name: value}))

    def with_history(self, line: str, created_ns: int, empty: bool) -> "Picture":
        """Add a line of history; the image counts as made then."""
        created = format_time(created_ns)
        entry = HistoryEntry(
            created=created,
            created_by=line,
            comment=COMMENT,
            author=self.image.author,
            empty_layer=empty,
        )
        pending = (*self.pending, entry)
        if len(pending) < _MOST_PENDING:
            return replace(self, pending=pending, base_id="")
        # Now and then only: or each line would copy all before it.
        image = replace(
            self.image, created=created, history=(*self.image.history, *pending)
        )
        return replace(self, image=image, pending=(), base_id="")

    def with_layer(self, layer: BuiltLayer | None, key: str) -> "Picture":
        """Add what a step made of the files; None is a step that changed nothing."""
        if layer is None:
            return replace(self, files=key)
        diff_ids = (*self.diff_ids, layer.diff_id)
        image = replace(self.image, rootfs=RootFs(diff_ids=diff_ids))
        chains = (*self.chain_ids, chain_id(diff_ids))
        return replace(self, image=image, chain_ids=chains, files=key)


def picture_of(image: Image, chain_ids: tuple[Digest, ...]) -> Picture:
    """Begin with an image that is there."""
    config = _with_path(image.config.config)
    base = replace(
        image.config,
        config=replace(config, on_build=(), image=""),
        container=None,
        container_config=None,
    )
    key = digest_of("image", *(chain.text for chain in chain_ids[-1:]))
    return Picture(
        image=base,
        chain_ids=chain_ids,
        files=key,
        state=digest_of("image", image.id.text),
        base_id=image.id.text,
        environment=_variables(config.env),
    )


def empty_picture(architecture: str = "", system: str = "linux") -> Picture:
    """Begin with nothing: FROM scratch."""
    config = _with_path(ContainerDefaults(working_dir="/"))
    return Picture(
        image=ImageConfig(architecture or host_architecture(), system, config),
        chain_ids=(),
        files=digest_of("scratch"),
        state=digest_of("scratch"),
        environment=_variables(config.env),
    )


def _with_path(config: ContainerDefaults) -> ContainerDefaults:
    if "PATH" in _variables(config.env):
        return config
    return replace(config, env=(*config.env, f"PATH={DEFAULT_PATH}"))


def _variables(env: tuple[str, ...]) -> Variables:
    return Variables({one.partition("=")[0]: one.partition("=")[2] for one in env})
