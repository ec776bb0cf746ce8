"""The sign-on's own errors: {status, code, message, reference}, with the codes that integrators meet."""

from typing import ClassVar
from uuid import uuid4

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field


class WireError(Exception):
    status: ClassVar[int] = 400
    code: ClassVar[str] = ""
    message: ClassVar[str] = ""


class ActiveTransactionExists(WireError):
    """One at a time for an identity."""

    code = "400-034-050"
    message = "An active transaction already exists for this ID"


class TransactionExpired(WireError):
    code = "400-034-051"
    message = "The transaction has expired"


class TransactionNotFound(WireError):
    code = "400-034-053"
    message = "Transaction not found"


class InvalidData(WireError):
    status = 422
    code = "422-031-046"
    message = "Invalid data or unknown service"


class AuthenticationFailed(WireError):
    """Wrong APP-ID or APP-KEY; the real one answers the same for an address that is not allowed."""

    status = 403
    code = "403"
    message = "Authentication failed"


class WireErrorBody(BaseModel):
    status: int
    code: str
    message: str
    reference: str = Field(description="Quote it to support.")


async def answer(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, WireError)
    body = WireErrorBody(status=error.status, code=error.code, message=error.message, reference=str(uuid4()))
    return JSONResponse(body.model_dump(), error.status)
