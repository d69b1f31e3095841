"""Logs: one JSON object a line on standard error, escaped, and never a request's content.

What an exception says may hold a name, a mail or a cell: unless everything is to be told (level
`debug`), the log has where it came about and of what kind it is, and not what it says.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any

import structlog

from retouche.core.errors import RetoucheError

LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
DEEPEST = 8
"""How many exceptions that led to one another are told."""


def configure(level: str = "info") -> None:
    """Set up logging for this process and those that are forked from it."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if level == "debug" else _told_without_values,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _told_without_values(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Put where an exception came about in the place of the exception."""
    given = event.pop("exc_info", None)
    if not given:
        return event
    if isinstance(given, tuple):
        error = given[1]
    elif isinstance(given, BaseException):
        error = given
    else:
        error = sys.exc_info()[1]
    if error is not None:
        event["exception"] = "\n".join(_lines(error))
    return event


def _lines(error: BaseException) -> Iterator[str]:
    """The kind of an exception and the places it went through; then what led to it."""
    present: BaseException | None = error
    for _ in range(DEEPEST):
        if present is None:
            return
        yield _named(present)
        for frame in traceback.extract_tb(present.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} {frame.name}"
        present = present.__cause__ or (
            None if present.__suppress_context__ else present.__context__
        )


def _named(error: BaseException) -> str:
    """The kind of an exception, and what of it is ours or the system's to say."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, RetoucheError):
        return f"{kind}: {error.reason}"
    if isinstance(error, OSError) and error.strerror:
        return f"{kind}: {error.strerror}"
    return kind
