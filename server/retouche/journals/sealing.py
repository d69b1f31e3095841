"""Secrets at rest: what is sealed can be read again with the server's secret key alone."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Seal:
    """Encrypts and authenticates texts for one purpose."""

    def __init__(self, secret_key: str, purpose: str) -> None:
        """Derive a key of its own from the secret key: other purposes have other keys."""
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
        key = derived.derive(secret_key.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """The text; None when it was changed, or sealed with another secret key."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None
