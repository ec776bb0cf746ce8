"""What the published API says of these routes besides their shape: refusals, headers, the lines of a batch."""

import json
from typing import Any

from services.registry.aid.errors import (
    AidRequestNotFound,
    BadCursor,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    NoCharity,
    NotInThisState,
    OtherApplicant,
    ScreeningUnavailable,
    TooManyLines,
    VersionMissing,
    VersionStale,
    VersionUnreadable,
)
from services.registry.aid.examples import SUBMISSION
from services.registry.aid.views import AidRequestView, LineResult
from shared.db import DatabaseUnavailable
from shared.openapi import NDJSON, Responses, headers, refusals
from shared.problems import NotJson

_STALE = (AidRequestNotFound, VersionMissing, VersionUnreadable, VersionStale, NotInThisState)
_REPLAYED: dict[str, Any] = {"model": AidRequestView, "description": "Stored before, under the same key."}

SUBMITTED: Responses = {
    **refusals(NoCharity, IdempotencyKeyMissing, IdempotencyKeyReused),
    201: headers("ETag", "Location"),
    200: _REPLAYED | headers("ETag", "Location", "Idempotent-Replayed"),
}
BATCH: Responses = {
    **refusals(NoCharity, IdempotencyKeyMissing, NotJson, TooManyLines, DatabaseUnavailable),
    200: {"model": LineResult},
}
CHECKED: Responses = refusals(NoCharity, ScreeningUnavailable)
LISTED: Responses = {**refusals(NoCharity, BadCursor), 200: headers("Link")}
READ: Responses = {**refusals(NoCharity, AidRequestNotFound), 200: headers("ETag")}
CHANGED: Responses = {**refusals(NoCharity, *_STALE), 200: headers("ETag")}
AMENDED: Responses = {**refusals(NoCharity, *_STALE, OtherApplicant), 200: headers("ETag")}
DECIDED: Responses = {**refusals(*_STALE), 200: headers("ETag")}

BATCH_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            NDJSON: {
                "schema": {"type": "string", "description": "A JSON object a line, as `x-ndjson-line` says."},
                "x-ndjson-line": {"$ref": "#/components/schemas/BatchLine"},
                "example": json.dumps(SUBMISSION, ensure_ascii=False) + "\n",
            }
        },
    }
}
