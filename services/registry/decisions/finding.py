"""A finding's row, and a held request's, as reviewers and auditors see them. Pure.

Of the evidence only what is named here goes out: field, level and bits, never a value that someone typed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from services.registry.aid.answer import period
from services.registry.aid.change import etag
from services.registry.decisions.views import (
    CharityRef,
    EvidenceView,
    FieldEvidence,
    FindingView,
    HeldRequestView,
    SideView,
    Support,
)


def held(row: Mapping[str, Any], findings: Sequence[FindingView]) -> HeldRequestView:
    """findings: those that flag this request."""
    return HeldRequestView(
        id=row["id"],
        charity=CharityRef(id=row["charity_id"], name_ar=row["name_ar"], name_en=row["name_en"]),
        aid_type=row["aid_type"],
        zone=row["zone_code"],
        period=period(row["starts_on"], row["ends_on"]),
        amount=row["amount"],
        currency=row["currency"],
        version=row["version"],
        etag=etag(row),
        created_at=row["created_at"],
        findings=list(findings),
    )


def finding(row: Mapping[str, Any]) -> FindingView:
    return FindingView(
        id=row["id"],
        later=_side(row, "later"),
        earlier=_side(row, "earlier"),
        rule=row["rule"],
        unit=row["unit"],
        certainty=row["certainty"],
        probability=row["probability"],
        common_from=row["common_from"],
        common_to=row["common_to"],
        evidence=evidence(row["evidence"]),
        policy_version=row["policy_version"],
        model_version=row["model_version"],
        effect=row["effect"],
        state=row["state"],
        found_at=row["found_at"],
        closed_at=row["closed_at"],
        closed_because=row["closed_because"],
    )


def evidence(text: str) -> EvidenceView:
    record = orjson.loads(text)
    return EvidenceView(tie=record["tie"], support=[_support(each) for each in record["support"]])


def _support(each: Mapping[str, Any]) -> Support:
    return Support(
        rule=each["rule"],
        outcome=each.get("outcome"),
        how=each.get("how"),
        probability=each["probability"],
        bits=each["bits"],
        model_version=each["model_version"],
        fields=[FieldEvidence(field=e["field"], level=e["level"], bits=e["bits"]) for e in each["fields"]],
    )


def _side(row: Mapping[str, Any], which: str) -> SideView:
    def of(name: str) -> Any:
        return row[f"{which}_{name}"]

    return SideView(
        request=of("id"),
        charity=CharityRef(id=of("charity_id"), name_ar=of("name_ar"), name_en=of("name_en")),
        aid_type=of("aid_type"),
        zone=of("zone"),
        period=period(of("starts_on"), of("ends_on")),
        amount=of("amount"),
        currency=of("currency"),
        status=of("status"),
        version=of("version"),
    )
