"""Private keys at rest: AES-256-GCM under a key that lives outside the database."""

import os
from base64 import b64decode
from binascii import Error as NotBase64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_KEY_BYTES = 32


class WrongSealingKey(ValueError):
    """The sealing key is malformed, or is not the one that the keys in the database were sealed with."""


class Seal:
    """Seals and opens; what is sealed for one owner does not open for another."""

    def __init__(self, key: str) -> None:
        """key: 32 bytes in base64. Raises WrongSealingKey for anything else."""
        try:
            raw = b64decode(key, validate=True)
        except NotBase64 as error:
            raise WrongSealingKey("the sealing key is not base64") from error
        if len(raw) != _KEY_BYTES:
            raise WrongSealingKey("the sealing key must be 32 bytes in base64")
        self._cipher = AESGCM(raw)

    def close(self, clear: bytes, owner: str) -> bytes:
        """nonce + ciphertext + tag."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, clear, owner.encode())

    def open(self, sealed: bytes, owner: str) -> bytes:
        """Raises WrongSealingKey."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], owner.encode())
        except InvalidTag as error:
            raise WrongSealingKey("the signing keys were sealed with another key") from error
