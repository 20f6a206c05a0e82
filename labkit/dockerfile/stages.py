"""Phase 3: instructions to stages, and the ARGs that stand before the first FROM."""

from dataclasses import dataclass

from labkit.dockerfile.errors import DockerfileError
from labkit.dockerfile.instructions import Arg, From, Instruction
from labkit.dockerfile.interpret import interpret
from labkit.dockerfile.node import Document
from labkit.dockerfile.parser import parse_dockerfile


@dataclass(frozen=True, slots=True)
class Stage:
    """One FROM and what follows it. ``index`` counts from 0; a name is optional."""

    index: int
    from_: From
    instructions: tuple[Instruction, ...]

    @property
    def name(self) -> str:
        return self.from_.stage


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A whole Dockerfile; ``meta_args`` are in force in the FROM lines only."""

    document: Document
    meta_args: tuple[Arg, ...]
    stages: tuple[Stage, ...]

    @property
    def escape(self) -> str:
        return self.document.escape


def read_dockerfile(text: str) -> Dockerfile:
    """Read a Dockerfile: phases 1 to 3.

    Raises:
        DockerfileError: it can't be built as it is written; the message has the line.
    """
    return gather_stages(parse_dockerfile(text))


def gather_stages(document: Document) -> Dockerfile:
    """Group a document's instructions into stages.

    Raises:
        DockerfileError: an instruction is wrong or out of place, or there is no FROM.
    """
    meta_args: list[Arg] = []
    heads: list[From] = []
    bodies: list[list[Instruction]] = []
    for node in document.nodes:
        instruction = interpret(node)
        if isinstance(instruction, From):
            heads.append(instruction)
            bodies.append([])
        elif heads:
            bodies[-1].append(instruction)
        elif isinstance(instruction, Arg):
            meta_args.append(instruction)
        else:
            raise DockerfileError("no build stage in current context", node.lines)
    if not heads:
        last = document.nodes[-1].lines
        raise DockerfileError("dockerfile contains no stages to build", last)
    stages = zip(heads, bodies, strict=True)
    return Dockerfile(
        document,
        tuple(meta_args),
        tuple(Stage(i, head, tuple(body)) for i, (head, body) in enumerate(stages)),
    )
