"""Sentences in French and English for everything that is refused.

To add a reason, add a line to `REASONS` in `problems.py`; to add a fault, one in `faults.py`.
"""

from retouche.core.messages.description import describe, problem
from retouche.core.messages.faults import FAULTS
from retouche.core.messages.problems import REASONS, TITLES

__all__ = ["FAULTS", "REASONS", "TITLES", "describe", "problem"]
