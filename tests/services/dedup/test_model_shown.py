"""Auditors learn which model judged, and with which thresholds."""

from httpx import AsyncClient

from services.dedup.model import load_model
from services.registry.reports.views import Thresholds


async def test_the_model_in_force_is_told_with_its_thresholds_and_their_errors(client: AsyncClient) -> None:
    answer = await client.get("/v1/model")
    model = load_model()
    assert answer.status_code == 200
    assert answer.json()["model_version"] == model.version
    assert (answer.json()["lower"], answer.json()["upper"]) == (model.lower, model.upper)
    assert Thresholds.model_validate(answer.json()).upper == model.upper
