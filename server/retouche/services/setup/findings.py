"""What a check of a set-up finds: a level, the key of its sentences, and what fills them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`error`: corrections do not arrive, or something unsafe is allowed. `warning`: it works,
    less well or not for long."""

    level: Level
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


def ok(key: str, **values: Any) -> Finding:
    return Finding("ok", key, values)


def warning(key: str, **values: Any) -> Finding:
    return Finding("warning", key, values)


def error(key: str, **values: Any) -> Finding:
    return Finding("error", key, values)
