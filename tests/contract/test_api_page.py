"""docs/api.md keeps to what there is: its paths, its codes and its examples."""

import json
import re
from pathlib import Path

from services.cli.openapi import document
from services.registry.aid.schemas import AidRequestForm, BirthDate
from shared.openapi import known

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")


def test_every_path_on_the_page_is_published() -> None:
    paths = {path for name in ("registry", "identity") for path in json.loads(document(name))["paths"]}
    for path in re.findall(r"(?:GET|POST|PATCH) (/[^\s`?]+)", PAGE):
        assert re.sub(r"\{\w+\}", "{request_id}", path) in paths, path


def test_every_form_on_the_page_is_taken() -> None:
    form = re.search(r"-d '(\{.*?\})'", PAGE, re.DOTALL)
    assert form is not None
    AidRequestForm.model_validate_json(form[1])
    birth = re.search(r'`(\{"value": "1405".*?\})`', PAGE)
    assert birth is not None
    BirthDate.model_validate_json(birth[1])


def test_every_code_on_the_page_is_one_of_ours() -> None:
    named = set(re.findall(r"`((?:if_match|idempotency_key|version)_\w+)`", PAGE))
    assert named
    assert named <= set(known())
