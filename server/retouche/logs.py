"""Logs: one JSON object a line on standard error, escaped, and never a request's content."""

from __future__ import annotations

import sys

import structlog


def configure() -> None:
    """Set up logging for this process.

    Tracebacks hold no local variables: those are where names and mails of contributors are.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
