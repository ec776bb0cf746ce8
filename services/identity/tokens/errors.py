"""Why no token is given: the errors of RFC 6749, 5.2, which have a shape of their own on the wire."""

from typing import ClassVar


class TokenRefused(Exception):
    """error: the code that RFC 6749 names. status: the HTTP status that it goes with."""

    error: ClassVar[str] = "invalid_request"
    status: ClassVar[int] = 400
    description: ClassVar[str] = "The request is not a form with each parameter once, as RFC 6749 asks."

    def __init__(self, description: str = "") -> None:
        self.told = description or self.description
        super().__init__(self.told)


class InvalidRequest(TokenRefused):
    pass


class InvalidClient(TokenRefused):
    """Unknown, revoked and wrong secret are one answer: nobody learns which clients exist."""

    error = "invalid_client"
    status = 401
    description = "Send the client's id and secret by HTTP Basic; these are not those of a client."


class UnsupportedGrant(TokenRefused):
    error = "unsupported_grant_type"
    description = "The only grant type here is client_credentials."


class InvalidScope(TokenRefused):
    error = "invalid_scope"
    description = "A scope that was asked for is not one of the client's."


class TooManyFailures(TokenRefused):
    """RFC 6749 has no code for it; RFC 8628's `slow_down` says what to do."""

    error = "slow_down"
    status = 429
    description = "Too many failures with this client id from this address; try again in a minute."
