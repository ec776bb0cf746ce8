"""A reviewer's word on a held request."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.registry.aid.schemas import Form
from shared.lines import FilledLine


class Verdict(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"


class DecisionForm(Form):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"decision": "approve", "reason": "الأسرتان مختلفتان في بيت واحد"}]}
    )

    decision: Verdict
    reason: Annotated[FilledLine, Field(min_length=10, max_length=1000)] = Field(
        description="Why, for the charity and whoever looks at it later. No personal data."
    )


class DecisionView(BaseModel):
    request: UUID
    status: str
    reason: str
    author: str
    decided_at: datetime
    version: int
