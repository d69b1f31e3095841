"""Proof of work as ALTCHA has it: a short calculation that costs a flood more than a person.

A challenge is signed, for one dataset, and expires; nothing is kept until it is answered. The
browser looks for the number of which the key derived by PBKDF2 begins as asked. PBKDF2 runs at
the speed of the machine in every browser, so that special programs gain little.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

ALGORITHM = "PBKDF2/SHA-256"
COST = 2_500
"""Rounds of one try. Fewer, and starting a try would cost more than the try."""
FEWEST, MOST = 50, 150
"""Tries that an answer takes. In Chromium, 100 of them took 35 ms on a desktop and 200 ms with its
main thread slowed down six times; half a second is reckoned for a small phone."""
LASTS = timedelta(minutes=10)
"""An answer may be given that long after the challenge: time to type after it was found."""


def challenge(secret_key: str, dataset: str, now: datetime) -> dict[str, Any]:
    """A new challenge, as the clients of ALTCHA read it."""
    # Read when a proof is asked for: what never asks for one starts sooner.
    from altcha import create_challenge

    made = create_challenge(
        ALGORITHM,
        COST,
        counter=FEWEST + secrets.randbelow(MOST - FEWEST + 1),
        expires_at=now + LASTS,
        data={"dataset": dataset, "most": MOST},
        hmac_secret=_key(secret_key, "challenge"),
        hmac_key_secret=_key(secret_key, "answer"),
    )
    return made.to_dict()


def answered(secret_key: str, dataset: str, proof: str) -> str | None:
    """The mark of the challenge that a proof answers; None when it answers none of ours in time.

    The same answer gives the same mark, by which it is known when it comes again.
    """
    from altcha import Payload, verify_solution

    try:
        payload = Payload.from_dict(json.loads(base64.b64decode(proof, validate=True)))
        known = verify_solution(
            payload,
            _key(secret_key, "challenge"),
            hmac_key_secret=_key(secret_key, "answer"),
        )
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not known.verified or payload.challenge.parameters.data != {
        "dataset": dataset,
        "most": MOST,
    }:
        return None
    return str(payload.challenge.signature)[:32]


def _key(secret_key: str, purpose: str) -> bytes:
    return hmac.new(secret_key.encode(), f"proof:{purpose}".encode(), hashlib.sha256).digest()
