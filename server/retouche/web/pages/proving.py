"""The calculation that a form asks of the browser, where a proof of work is needed."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import g

from retouche.core.errors import ProofRequired, RetoucheError
from retouche.services.datasets import Dataset
from retouche.web.context import services
from retouche.web.elements import part_address
from retouche.web.pages.headers import policy


@dataclass(frozen=True, slots=True)
class Calculation:
    """A challenge as a form carries it, and the script that solves it."""

    text: str
    script: str | None


def challenge_for(dataset: Dataset, refusal: RetoucheError | None = None) -> Calculation | None:
    """The calculation that a form must bring: the one it was refused for, else one if needed.

    The page that has it may run the script.
    """
    guard = services().guard
    if isinstance(refusal, ProofRequired):
        challenge = refusal.values["challenge"]
    elif guard.terms(dataset).required:
        challenge = guard.challenge(dataset.name)
    else:
        return None
    g.setdefault("policy", policy({"script-src": "'self'"}))
    return Calculation(json.dumps(challenge), part_address("proving"))
