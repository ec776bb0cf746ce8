"""The key that access tokens are signed with (ES256), made on the first start."""

import json
from datetime import datetime, timedelta

from joserfc.jwk import ECKey

from services.identity.keys import queries
from services.identity.keys.sealing import Seal
from shared.db import Connection

ALGORITHM = "ES256"
PUBLISHED_AFTER_RETIREMENT = timedelta(minutes=15)
"""Longer than any token lives (300 s) and any checker's clock is off."""


async def current(connection: Connection, seal: Seal, now: datetime) -> ECKey:
    """The key to sign with; one is made if there is none, and only one however many processes start.

    Raises WrongSealingKey.
    """
    await queries.lock(connection)
    found = await queries.newest(connection)
    if found is not None:
        kid, sealed = found
        return ECKey.import_key(json.loads(seal.open(sealed, owner=kid)))
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
    kid = str(key.kid)
    private = json.dumps(key.as_dict(private=True)).encode()
    public = json.dumps(key.as_dict(private=False))
    await queries.add(connection, kid, public, seal.close(private, owner=kid), now)
    return key
