"""The linker's API, for the registry only."""

from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from services.dedup.index import Index
from services.dedup.link import Linked, Match, evidence_shown, link, match
from services.dedup.relink import proposed
from services.dedup.schemas import (
    LinksShown,
    ModelShown,
    ProposalsQuery,
    ProposalsShown,
    RecordsForm,
    RemovalForm,
    RemovedShown,
)
from services.dedup.shares import Weights
from shared.auth import scope
from shared.bodies import StrictRoute
from shared.db import Row

router = APIRouter(prefix="/v1", tags=["links"], route_class=StrictRoute, dependencies=[Depends(scope("dedup:link"))])


@router.post("/links", response_model=LinksShown)
async def link_records(form: RecordsForm, request: Request) -> Response:
    """Store the records and answer which stored ones may be the same person. May be sent again safely."""
    index, weights = _at_hand(request)
    return _answer(await link(index, weights, [record.typed() for record in form.records]), weights)


@router.post("/matches", response_model=LinksShown)
async def match_records(form: RecordsForm, request: Request) -> Response:
    """The answer of `/v1/links`, with nothing stored."""
    index, weights = _at_hand(request)
    return _answer(await match(index, weights, [record.typed() for record in form.records]), weights)


@router.post("/removals")
async def remove_records(form: RemovalForm, request: Request) -> RemovedShown:
    """Forget records: their data leave with the counting worker's next pass at the latest."""
    index, _ = _at_hand(request)
    return RemovedShown(removed=await index.remove(form.record_ids))


@router.get("/proposals", response_model=ProposalsShown)
async def read_proposals(query: Annotated[ProposalsQuery, Query()], request: Request) -> Response:
    """Pairs that a later look judges otherwise than was answered, after a new model or new counts. Decides nothing."""
    rows = await proposed(request.app.state.pool, query.after, query.state, query.limit)
    following = rows[-1]["revision"] if rows else query.after
    body = orjson.dumps({"items": [_proposal_shown(row) for row in rows], "next": following})
    return Response(body, media_type="application/json")


@router.get("/model")
async def read_model(request: Request) -> ModelShown:
    """The model in force: what it was learned from, its thresholds and their expected errors."""
    model = _at_hand(request)[1].model
    return ModelShown(
        model_version=model.version,
        learned_on=model.learned_on,
        data=model.data,
        lower=model.lower,
        upper=model.upper,
        lower_error=model.lower_error,
        upper_error=model.upper_error,
    )


def _at_hand(request: Request) -> tuple[Index, Weights]:
    """The index, and the weights as they are now: one answer is weighed with one set of them."""
    return request.app.state.index, request.app.state.weights


def _answer(linked: Sequence[Linked], weights: Weights) -> Response:
    """LinksShown, written without a model in between: this is the hot path."""
    results = [
        {"record_id": one.record_id, "matches": [*map(_shown, one.matches)], "candidates": one.candidates}
        for one in linked
    ]
    body = orjson.dumps({"results": results, "model_version": weights.model.version})
    return Response(body, media_type="application/json")


_TOLD = ("state", "outcome", "answered", "rule", "probability", "bits", "model_version", "found_at", "revision")


def _proposal_shown(row: Row) -> dict[str, Any]:
    told = {name: row[name] for name in _TOLD}
    sides = str(row["low_record"]), str(row["high_record"])  # the driver's own UUIDs are not the encoder's
    return {"record_ids": sides, "evidence": orjson.Fragment(row["evidence"]), **told}


def _shown(match: Match) -> dict[str, Any]:
    return {
        "record_id": match.record_id,
        "outcome": match.verdict.outcome,
        "rule": match.verdict.rule,
        "probability": match.score.probability,
        "bits": match.score.bits,
        "evidence": evidence_shown(match.score),
        "reason_ar": match.reason.ar,
        "reason_en": match.reason.en,
    }
