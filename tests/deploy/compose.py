"""docker-compose.yml as values: a strict model of the part of the Compose specification that the file uses.

What is not in the model is refused, so a misspelt key is a fault. It is narrower than the specification: a key
that the file comes to need is added here first.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Duration = Annotated[str, StringConstraints(pattern=r"^\d+(ms|s|m|h)$")]
Size = Annotated[str, StringConstraints(pattern=r"^\d+[kmg]$")]
Image = Annotated[str, StringConstraints(pattern=r"^[a-z0-9./-]+:[a-z0-9._-]*\d[a-z0-9._-]*$")]
Port = Annotated[str, StringConstraints(pattern=r"^127\.0\.0\.1:\d+:\d+$")]
Capability = Annotated[str, StringConstraints(pattern=r"^[A-Z_]+$")]
_VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+)(?:(?P<how>:\?|:-)(?P<rest>[^}]*))?\}")


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Build(Part):
    context: Literal["."]
    dockerfile: str
    target: str


class Health(Part):
    disable: bool = False
    test: list[str] = []
    interval: Duration | None = None
    timeout: Duration | None = None
    start_period: Duration | None = None
    retries: int | None = None


class Dependency(Part):
    condition: Literal["service_started", "service_healthy", "service_completed_successfully"]


class LogOptions(Part):
    max_size: Size = Field(alias="max-size")
    max_file: str = Field(alias="max-file", pattern=r"^\d+$")


class Logging(Part):
    driver: Literal["json-file"]
    options: LogOptions


class Service(Part):
    """One container. What every one must have has no default."""

    image: Image
    restart: Literal["no", "unless-stopped"]
    read_only: Literal[True]
    tmpfs: list[str]
    cap_drop: tuple[Literal["ALL"]]
    security_opt: tuple[Literal["no-new-privileges:true"]]
    logging: Logging
    healthcheck: Health
    environment: dict[str, str]
    networks: list[str]
    stop_grace_period: Duration
    build: Build | None = None
    command: list[str] = []
    init: bool = False
    cap_add: list[Capability] = []
    ports: list[Port] = []
    volumes: list[str] = []
    profiles: list[str] = []
    shm_size: Size | None = None
    depends_on: dict[str, Dependency] = {}


class Network(Part):
    internal: bool = False


class Volume(Part):
    pass


class Compose(Part):
    name: str
    services: dict[str, Service]
    networks: dict[str, Network]
    volumes: dict[str, Volume]


def parse(text: str) -> Compose:
    """Raises pydantic's ValidationError for what is not in the model."""
    document: dict[str, Any] = yaml.safe_load(text)
    return Compose.model_validate({key: value for key, value in document.items() if not key.startswith("x-")})


def variables(text: str) -> dict[str, bool]:
    """The names that `text` interpolates, and whether each must be given."""
    return {found["name"]: found["how"] == ":?" for found in _VARIABLE.finditer(text)}


def filled(text: str, value: Callable[[str], str]) -> str:
    """`text` with what must be given put in, and the defaults of the rest."""
    return _VARIABLE.sub(lambda found: value(found["name"]) if found["how"] == ":?" else found["rest"] or "", text)
