"""Where real files for tests lie, and a clear skip where they do not."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "shared" / "data"


def real_data(path: str) -> Path:
    """A file of the real data set aside for tests; skips the test where it is absent."""
    found = ROOT / path
    if not found.exists():
        pytest.skip(f"needs real data that is not part of the repository: ../shared/data/{path}")
    return found
