"""WORKDIR: the folder is made at once, and belongs to the user in force."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labkit.base.errors import InvalidInputError
from labkit.builder.bench import Bench, Proof, Work, make_layer
from labkit.builder.model import Step
from labkit.builder.owners import find_owner
from labkit.builder.picture import Picture
from labkit.builder.place import Destination, NewFolder
from labkit.dockerfile.configure import configure
from labkit.dockerfile.instructions import Workdir


def change_workdir(
    bench: Bench, step: Step, picture: Picture, instruction: Workdir
) -> Picture:
    """Go to a folder, relative to the last one, and make it where it is missing.

    Raises:
        InvalidInputError: something on the way is no folder, or the user is unknown.
    """
    changed = picture.configured(configure(picture.config, instruction, False))
    folder = changed.config.working_dir
    user = picture.config.user
    work = Work(step, ("WORKDIR", folder, user), f"WORKDIR {folder}", proof=Proof.LINE)
    return make_layer(bench, changed, work, lambda: _upper(bench, changed, folder))


@contextmanager
def _upper(bench: Bench, picture: Picture, path: str) -> Iterator[Path]:
    with bench.folder() as folder:
        upper = folder / "upper"
        upper.mkdir()
        chains = reversed(picture.chain_ids)
        layers = tuple(bench.layers.layer_path(chain) for chain in chains)
        destination = Destination(upper, layers)
        found = destination.view.find(path)
        if found is not None and not found.is_folder:
            raise InvalidInputError(f"Cannot mkdir: {path} is not a directory")
        if found is None:
            user = picture.config.user
            owner = find_owner(user, destination.view) if user else (0, 0)
            target = destination.view.resolve(path)
            with destination.open(target, NewFolder(owner=owner)):
                pass
        yield upper
