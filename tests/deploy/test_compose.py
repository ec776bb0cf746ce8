"""The description of the house in containers says what the code has. No Docker engine is needed to know."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy import faults, image
from tests.deploy.compose import parse

ROOT = Path(__file__).parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text("utf-8")
EXAMPLE = (ROOT / "deploy" / ".env.example").read_text("utf-8")
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
TARGETS = {service.build.target for service in parse(COMPOSE).services.values() if service.build}


def test_the_compose_file_describes_the_house_that_the_code_has() -> None:
    assert faults.faults(COMPOSE, EXAMPLE) == []


def test_the_compose_file_is_valid_by_the_compose_specifications_own_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    checked = subprocess.run([*command, str(ROOT / "docker-compose.yml")], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_image_is_built_from_what_is_there() -> None:
    assert image.faults(DOCKERFILE, ROOT, TARGETS) == []


WRONG = {
    "a command that there is not": ("command: [serve, dedup]", "command: [server, dedup]"),
    "a service that there is not": ("command: [work, registry]", "command: [work, identity]"),
    "a variable that nothing reads": ("  SIJILL_DEDUP_URL:", "  SIJILL_DEDUP_ADDRESS:"),
    "a variable that must be set": (
        "      SIJILL_IDENTITY_SEALING_KEY: ${SIJILL_IDENTITY_SEALING_KEY:?see deploy/.env.example}\n",
        "",
    ),
    "a value that is no value": ("SIJILL_SCREENING_BUDGET:-2.0", "SIJILL_SCREENING_BUDGET:-soon"),
    "a secret in the file": (
        "SIJILL_NATIONAL_ID_KEY: ${SIJILL_NATIONAL_ID_KEY:?see deploy/.env.example}",
        f"SIJILL_NATIONAL_ID_KEY: {faults.KEY}",
    ),
    "a password in the file": ("sijill_dedup:${DEDUP_ROLE_PASSWORD:?see deploy/.env.example}@", "sijill_dedup:dedup@"),
    "a secret with a default": (
        "${OPERATOR_CLIENT_SECRET:?see deploy/.env.example}",
        "${OPERATOR_CLIENT_SECRET:-operator}",
    ),
    "a role in another's place": ("postgresql://sijill_oversight:", "postgresql://sijill_screening:"),
    "a port that nobody listens on": ("http://dedup:8602", "http://dedup:8606"),
    "a published port that nobody listens on": ('"127.0.0.1:8601:8601"', '"127.0.0.1:8601:8600"'),
    "a port for all the world": ('"127.0.0.1:8603:8603"', '"8603:8603"'),
    "a path that there is not": ("8601/readyz", "8601/healthz"),
    "a database out of reach": ("networks: [data, house]", "networks: [house]"),
    "no wait for the migrations": (
        "    depends_on:\n      migrate: {condition: service_completed_successfully}\n\n  registry:",
        "\n  registry:",
    ),
    "the mock by default": ("    profiles: [mock]\n", ""),
    "an image without a version": ("image: postgres:18", "image: postgres:latest"),
    "a container that writes to itself": ("  read_only: true\n  tmpfs", "  read_only: false\n  tmpfs"),
    "a key that Compose does not know": ("  init: true", "  initialise: true"),
    "a network that there is not": ("networks: [data]\n    restart", "networks: [date]\n    restart"),
    "a variable that nobody explains": ("${SIJILL_LOG_LEVEL:-INFO}", "${LEVEL_OF_LOGS:-INFO}"),
}


@pytest.mark.parametrize(("right", "wrong"), WRONG.values(), ids=WRONG.keys())
def test_a_compose_file_with_a_mistake_is_refused(right: str, wrong: str) -> None:
    assert right in COMPOSE

    assert faults.faults(COMPOSE.replace(right, wrong), EXAMPLE)


def test_a_variable_explained_and_used_nowhere_is_a_fault() -> None:
    assert faults.faults(COMPOSE, EXAMPLE + "\n# What for?\nSIJILL_COLOUR=green\n")


def test_the_example_of_variables_holds_no_secret() -> None:
    assert faults.faults(COMPOSE, EXAMPLE.replace("OWNER_PASSWORD=\n", "OWNER_PASSWORD=sijill\n"))


WRONG_IMAGE = {
    "root": ("USER 10001:10001", "USER root"),
    "a source that there is not": ("COPY services services", "COPY service services"),
    "what developing needs": ("--no-dev --no-editable", "--no-editable"),
    "versions of the day": ("uv sync --frozen --no-dev --no-editable", "uv sync --no-dev --no-editable"),
    "another uv": ("uv==0.13.9", "uv==0.13.8"),
    "an image of the day": ("FROM python:3.13-slim AS runtime", "FROM python:slim AS runtime"),
    "a Python too old": ("python:3.13-slim", "python:3.10-slim"),
    "a port that nobody listens on": ("EXPOSE 8601", "EXPOSE 8600"),
    "a command that there is not": ('CMD ["serve", "registry"]', 'CMD ["run", "registry"]'),
    "a health check of another port": ("8601/livez", "8602/livez"),
    "the mock": ("--from=build-without-mock", "--from=build"),
    "a variable that nothing reads": ("SIJILL_HOST=0.0.0.0", "SIJILL_LISTEN=0.0.0.0"),
}


@pytest.mark.parametrize(("right", "wrong"), WRONG_IMAGE.values(), ids=WRONG_IMAGE.keys())
def test_a_dockerfile_with_a_mistake_is_refused(right: str, wrong: str) -> None:
    assert right in DOCKERFILE

    assert image.faults(DOCKERFILE.replace(right, wrong), ROOT, TARGETS)
