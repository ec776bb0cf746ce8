"""What is wrong with the Dockerfile, held against the repository: each fault in words."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from services.cli.settings import CommandSettings
from services.cli.up import plan
from tests.deploy import code


@dataclass(slots=True)
class Stage:
    """One FROM and what follows: (instruction, its words) in order."""

    base: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def all(self, instruction: str) -> list[str]:
        return [words for name, words in self.steps if name == instruction]


def stages(text: str) -> dict[str, Stage]:
    found: dict[str, Stage] = {}
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n", "", text))
    for line in filter(str.strip, joined.splitlines()):
        instruction, _, words = line.strip().partition(" ")
        if instruction == "FROM":
            base, _, name = words.partition(" AS ")
            found[name] = Stage(base, name)
        else:
            found[list(found)[-1]].steps.append((instruction, words))
    return found


def faults(text: str, root: Path, targets: set[str]) -> list[str]:
    """targets: the stages that the compose file builds."""
    found = stages(text)
    return [
        *(f"no stage {target}" for target in targets - found.keys()),
        *_bases(found, root),
        *_sources(found, root),
        *_building(text, found, root),
        *_final(found, root),
    ]


def _bases(found: dict[str, Stage], root: Path) -> Iterator[str]:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    least = tuple(map(int, project["requires-python"].removeprefix(">=").split(".")))
    images = {stage.base for stage in found.values() if stage.base not in found}
    if len(images) != 1:
        yield f"built on several images: {sorted(images)}"
    for image in images:
        version = re.fullmatch(r"python:(\d+)\.(\d+)-slim", image)
        if version is None:
            yield f"{image} is not a slim Python with its version"
        elif (int(version[1]), int(version[2])) < least:
            yield f"{image} is older than the project allows"
        elif f"/lib/python{version[1]}.{version[2]}/" not in "".join(found["build-without-mock"].all("RUN")):
            yield "the mock is not removed from where it is"


def _sources(found: dict[str, Stage], root: Path) -> Iterator[str]:
    let_in = {line[1:] for line in (root / ".dockerignore").read_text("utf-8").split() if line.startswith("!")}
    for stage in found.values():
        for words in stage.all("COPY"):
            origin = re.match(r"--from=(\S+) (\S+) ", words)
            if origin is None:
                for source in words.split()[:-1]:
                    if source not in let_in or not (root / source).exists():
                        yield f"COPY {source}: not in the repository, or kept out by .dockerignore"
            elif origin[1] not in found:
                yield f"COPY --from={origin[1]}: no such stage"
    for name in let_in:
        if not (root / name).exists():
            yield f".dockerignore lets {name} in, and there is none"


def _building(text: str, found: dict[str, Stage], root: Path) -> Iterator[str]:
    syncs = [words for words in found["build"].all("RUN") if words.startswith("uv sync")]
    if not syncs or any("--frozen" not in sync or "--no-dev" not in sync for sync in syncs):
        yield "not built from the lock file, or with what only developing needs"
    if any("extra" in sync for sync in syncs):
        yield "the embedded PostgreSQL has no place in the image"
    wanted = re.search(r"(?m)^UV_VERSION := (\S+)$", (root / "Makefile").read_text("utf-8"))
    if wanted is None or f"uv=={wanted[1]}\n" not in text:
        yield "another uv than the Makefile's"


def _final(found: dict[str, Stage], root: Path) -> Iterator[str]:
    final = list(found.values())[-1]
    inherited = found.get(final.base, final)
    if final.name != "house" or not any("--from=build-without-mock" in words for words in final.all("COPY")):
        yield "the last stage is not the house without the mock"
    users = inherited.all("USER") + final.all("USER")
    if not users or not re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1]):
        yield "it runs as root, or as a user that a cluster cannot prove is not root"
    exposed = {int(port) for words in inherited.all("EXPOSE") for port in words.split()}
    if exposed != set(CommandSettings.model_construct().ports().values()):
        yield f"exposes {sorted(exposed)}, which is not what the services listen on"
    yield from _command(inherited, root)
    for variable in re.findall(r"\b(SIJILL_[A-Z_]+)=", " ".join(inherited.all("ENV"))):
        if any(variable not in code.known_variables(["serve", name]) for name in plan.installed()):
            yield f"no setting reads {variable}"


def _command(stage: Stage, root: Path) -> Iterator[str]:
    scripts = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    entrypoint, command = json.loads(stage.all("ENTRYPOINT")[-1]), json.loads(stage.all("CMD")[-1])
    if entrypoint != ["sijill"] or "sijill" not in scripts:
        yield f"no program {entrypoint}"
    if wrong := code.wrong_command(command):
        yield f"`sijill {' '.join(command)}`: {wrong}"
    elif f"127.0.0.1:{code.port_of(command[1])}/livez" not in stage.all("HEALTHCHECK")[-1]:
        yield "the health check does not ask what the default command serves"
