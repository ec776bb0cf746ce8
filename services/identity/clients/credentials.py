"""Client secrets: 256 random bits, shown once, kept as SHA-256.

A slow hash (Argon2, scrypt) protects what people choose, which can be guessed; 2^256 values can't be, however
fast the hash. It would only make the token endpoint slow, and an easy one to exhaust.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

_NOBODY = hashlib.sha256(b"").digest()


@dataclass(frozen=True, slots=True)
class Secret:
    """clear: to show once. hint: its last four characters, by which people tell two apart."""

    clear: str
    digest: bytes
    hint: str


def secret_of(clear: str) -> Secret:
    return Secret(clear, hashlib.sha256(clear.encode()).digest(), clear[-4:])


def new_secret() -> Secret:
    return secret_of(secrets.token_urlsafe(32))


def matches(clear: str, digests: Iterable[bytes]) -> bool:
    """Whether `clear` is one of the secrets; takes as long for a client that has none."""
    given = hashlib.sha256(clear.encode()).digest()
    found = [secrets.compare_digest(given, digest) for digest in [_NOBODY, *digests]]
    return any(found[1:])
