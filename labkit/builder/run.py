"""RUN: what is executed, with what mounted, and what becomes of its files."""

import posixpath
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from labkit.base.errors import InvalidInputError
from labkit.base.ids import new_id
from labkit.builder import messages
from labkit.builder.bench import Bench, Proof, Work, make_layer
from labkit.builder.model import (
    ContainerRemoved,
    Step,
    StepError,
    StepOutput,
    StepRuns,
)
from labkit.builder.mounts import MountMaker, Prepared, mount_words
from labkit.builder.picture import Picture
from labkit.builder.ports import BoundFolder, Order, Outcome
from labkit.builder.sources import Origin
from labkit.builder.stubs import find_stubs, remove_stubs
from labkit.dockerfile.configure import command_words
from labkit.dockerfile.heredocs import parse_heredoc
from labkit.dockerfile.instructions import Command, Run
from labkit.dockerfile.mounts import MountType

_SCRIPTS = "/dev/pipes"


@dataclass(frozen=True, slots=True)
class Script:
    """A here-document that is a program of its own: it starts with ``#!``."""

    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A RUN, expanded: ``origins`` are those of its mounts, in their order.

    ``arguments`` are build arguments in force, ``hidden`` proxies: those reach the
    command and leave no trace.
    """

    instruction: Run
    origins: tuple[Origin | None, ...]
    arguments: tuple[str, ...]
    hidden: Mapping[str, str]


def run(bench: Bench, step: Step, picture: Picture, ready: Ready) -> Picture:
    """Execute a command and keep what it changed.

    Raises:
        StepError: it returned another code than 0.
        InvalidInputError: it can't be started as it shall.
    """
    args, script = resolve_command(ready.instruction.command, picture)
    work = Work(
        step,
        words=_words(bench, picture, ready, args, script),
        history=_history(picture, ready, args),
        proof=_proof(ready),
    )
    return make_layer(
        bench, picture, work, lambda: _execute(bench, step, picture, ready)
    )


def _proof(ready: Ready) -> Proof:
    """Say whether the line tells all: what a mount brings along is not in it."""
    binds = any(mount.type is MountType.BIND for mount in ready.instruction.mounts)
    return Proof.NONE if binds or ready.instruction.command.heredocs else Proof.LINE


def resolve_command(
    command: Command, picture: Picture
) -> tuple[tuple[str, ...], Script | None]:
    """Return the words to execute; a here-document may be the whole command."""
    if not command.heredocs:
        return command_words(command, picture.config), None
    (line,) = command.words
    first = command.heredocs[0]
    if parse_heredoc(line) is not None:
        if first.text.startswith("#!"):
            script = Script(first.name, first.text)
            path = f"{_SCRIPTS}/{first.name}"
            return command_words(Command((path,), True), picture.config), script
        return command_words(Command((first.text,), True), picture.config), None
    # The shell is to read them: they are put back behind their line.
    parts = [line, *(f"{one.content}{one.name}" for one in command.heredocs)]
    return command_words(Command(("\n".join(parts),), True), picture.config), None


def _words(
    bench: Bench,
    picture: Picture,
    ready: Ready,
    args: tuple[str, ...],
    script: Script | None,
) -> tuple[str | bytes, ...]:
    """Name all that the result may depend on."""
    run, config = ready.instruction, picture.config
    mounts = [
        word
        for mount, origin in zip(run.mounts, ready.origins, strict=True)
        for word in mount_words(mount, origin)
    ]
    network = run.network if run.network != "default" else bench.request.network
    return (
        "RUN",
        *(str(len(args)), *args),
        script.content if script else "",
        *_environment(picture, {}),
        f"user {config.user}",
        f"in {config.working_dir}",
        f"network {network}",
        *(("insecure",) if run.security == "insecure" else ()),
        *bench.request.extra_hosts,
        *mounts,
    )


def _environment(picture: Picture, hidden: Mapping[str, str]) -> tuple[str, ...]:
    found = {**hidden, **picture.environment}
    return tuple(f"{name}={value}" for name, value in found.items())


def _history(picture: Picture, ready: Ready, args: tuple[str, ...]) -> str:
    words = [
        f"{name}={picture.environment.get(name, '')}"
        for name in dict.fromkeys(ready.arguments)
    ]
    count = (f"|{len(words)}", *words) if words else ()
    return " ".join(("RUN", *count, *args, "# buildkit"))


@contextmanager
def _execute(
    bench: Bench, step: Step, picture: Picture, ready: Ready
) -> Iterator[Path]:
    with ExitStack() as stack:
        folder = stack.enter_context(bench.folder())
        args, script = resolve_command(ready.instruction.command, picture)
        prepared = _prepare(bench, picture, ready, folder, stack)
        if script is not None:
            binds = (*prepared.binds, _write_script(script, folder))
            prepared = replace(prepared, binds=binds)
        order = _order(bench, picture, ready, args, prepared)
        stubs = find_stubs(_view(bench, picture), [one.target for one in order.binds])
        bench.tell(StepRuns(step, order.container_id))
        outcome = stack.enter_context(
            bench.runner.run(
                order, lambda name, data: bench.tell(StepOutput(step, name, data))
            )
        )
        bench.check()
        _judge(outcome, args)
        remove_stubs(outcome.upper, stubs)
        yield outcome.upper
    bench.tell(ContainerRemoved(step, order.container_id))


def _prepare(
    bench: Bench, picture: Picture, ready: Ready, folder: Path, stack: ExitStack
) -> Prepared:
    maker = MountMaker(bench, picture, folder, stack)
    run = ready.instruction
    for mount, origin in zip(run.mounts, ready.origins, strict=True):
        maker.add(mount, origin)
    return maker.finish()


def _order(
    bench: Bench,
    picture: Picture,
    ready: Ready,
    args: tuple[str, ...],
    prepared: Prepared,
) -> Order:
    run, request = ready.instruction, bench.request
    environment = _environment(picture, ready.hidden)
    return Order(
        container_id=new_id(),
        chain_ids=picture.chain_ids,
        args=args,
        environment=(*environment, *prepared.environment),
        user=picture.config.user,
        working_dir=picture.config.working_dir,
        network=run.network if run.network != "default" else request.network,
        extra_hosts=request.extra_hosts,
        binds=prepared.binds,
        insecure=run.security == "insecure",
        sandbox=request.sandbox,
    )


def _view(bench: Bench, picture: Picture) -> Origin:
    chains = reversed(picture.chain_ids)
    return Origin(tuple(bench.layers.layer_path(chain) for chain in chains))


def _write_script(script: Script, folder: Path) -> BoundFolder:
    scripts = folder / "scripts"
    scripts.mkdir()
    if posixpath.basename(script.name) != script.name or script.name in (".", ".."):
        raise InvalidInputError(f"invalid name of a here-document: {script.name!r}")
    path = scripts / script.name
    path.write_text(script.content)
    path.chmod(0o755)
    scripts.chmod(0o755)
    return BoundFolder(_SCRIPTS, scripts)


def _judge(outcome: Outcome, args: tuple[str, ...]) -> None:
    if outcome.exit_code:
        text = messages.failed_command(" ".join(args), outcome.exit_code)
        if outcome.out_of_memory:
            text += ": it ran out of the memory that the build allows"
        raise StepError(text, outcome.exit_code, " ".join(args))
