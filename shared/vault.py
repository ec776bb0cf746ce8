"""National IDs at rest: sealed with AES-256-GCM, found by keyed tokens, never in clear.

A plain hash would be worthless: all 2 x 10^8 possible numbers are tried in half a minute. So tokens are
HMAC-SHA-256 under a key that lives outside the database, derived per purpose by HKDF (RFC 5869).
"""

import hmac
import os
from base64 import b64decode
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from shared.ids import NationalId

_NONCE = 12
_TOKEN = 16


@dataclass(frozen=True, slots=True)
class IdTokens:
    """What stands for one ID in a search: equal tokens, equal IDs.

    exact: 32 hex digits.
    near:  one for each digit left out; two IDs that share one differ by a slip of the hand
           (a wrong, or two swapped, neighbouring digits).
    """

    exact: str
    near: tuple[str, ...]


class Vault:
    """Seals and finds national IDs under one master key of 32 bytes."""

    def __init__(self, master_key: str) -> None:
        """master_key: 32 bytes in base64. Raises ValueError for any other length."""
        master = b64decode(master_key, validate=True)
        if len(master) != 32:
            raise ValueError("the national-ID key must be 32 bytes in base64")
        self._seal = AESGCM(_derive(master, b"sijill/seal/1"))
        self._exact = _derive(master, b"sijill/token/exact/1")
        self._near = _derive(master, b"sijill/token/near/1")
        self._mark = _derive(master, b"sijill/mark/1")

    def seal(self, national_id: NationalId, owner: str) -> bytes:
        """nonce + ciphertext + tag, bound to the row `owner`: moved to another row it does not open."""
        nonce = os.urandom(_NONCE)
        return nonce + self._seal.encrypt(nonce, national_id.encode(), owner.encode())

    def open(self, sealed: bytes, owner: str) -> NationalId:
        """The ID sealed for `owner`. Raises cryptography's InvalidTag when it is not his."""
        clear = self._seal.decrypt(sealed[:_NONCE], sealed[_NONCE:], owner.encode())
        return NationalId(clear.decode())

    def mark(self, text: str) -> str:
        """64 hex digits that stand for a text in which an ID may stand, to tell later whether it is the same."""
        return hmac.digest(self._mark, text.encode(), "sha256").hex()

    def tokens(self, national_id: NationalId) -> IdTokens:
        near = {national_id[:i] + national_id[i + 1 :] for i in range(len(national_id))}
        return IdTokens(
            exact=_token(self._exact, national_id),
            near=tuple(sorted(_token(self._near, text) for text in near)),
        )


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDFExpand(algorithm=SHA256(), length=32, info=purpose).derive(master)


def _token(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()[: 2 * _TOKEN]
