"""What is wrong with the server and with each dataset: looked at side by side, in bounded time.

What does not answer in time is named and not waited for; it is not asked again until it has.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from flask import copy_current_request_context

from retouche.core.errors import RetoucheError
from retouche.core.messages import problem
from retouche.ports import Outlook
from retouche.services.attesting import ALIVE
from retouche.services.datasets import Dataset
from retouche.services.setup.token import SOON
from retouche.web.context import services
from retouche.web.language import locale
from retouche.web.notices import Silence, notice, outlook, silence

PATIENCE = 3.0
"""Seconds in which all is looked at."""
THREADS = 8
SILENT = timedelta(minutes=2)
"""A worker that has given no sign of life for so long is gone: it gives one every 30 seconds."""
TRIED = 3
"""Attempts after which a mail that is not sent is not a passing matter."""
CONDITIONS = ("ok", "degraded", "failing")
LOG = structlog.get_logger()

Condition = dict[str, Any]


class Looks:
    """Runs checks in threads of its own, each at most once at a time."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="health")
        self._running: dict[str, Future[Any]] = {}
        self._lock = threading.Lock()
        self._begun = time.monotonic()

    @property
    def is_young(self) -> bool:
        """Whether the server has just started: what starts beside it may not have said a word."""
        return time.monotonic() - self._begun < SILENT.total_seconds()

    def take(self, checks: Mapping[str, Callable[[], Any]], seconds: float) -> dict[str, Any]:
        """What each check gives; its exception, or None for one that did not end in time."""
        begun = {name: self._begin(name, check) for name, check in checks.items()}
        wait(begun.values(), timeout=seconds)
        return {name: _outcome(one) for name, one in begun.items()}

    def _begin(self, name: str, check: Callable[[], Any]) -> Future[Any]:
        with self._lock:
            present = self._running.get(name)
            if present is not None and not present.done():
                return present
            self._running[name] = started = self._threads.submit(check)
            return started


def _outcome(one: Future[Any]) -> Any:
    if not one.done():
        return None
    return one.exception() or one.result()


def examine(looks: Looks, *, patience: float = PATIENCE) -> Condition:
    """The condition of each dataset and of each part of the server, and the worst of all."""
    catalogue = {f"dataset {one.name}": one for one in services().catalogue}
    parts: dict[str, Callable[[], Condition]] = {
        "database": _database,
        "queue": _queue,
        "mail": _mail,
        "worker": partial(_worker, young=looks.is_young),
        "disk": _disk,
    }
    checks: dict[str, Callable[[], Condition]] = dict(parts)
    for name, dataset in catalogue.items():
        checks[name] = lambda dataset=dataset: condition(dataset)  # type: ignore[misc]
    found = looks.take(
        {name: copy_current_request_context(one) for name, one in checks.items()}, patience
    )
    told = {name: _told(outcome, patience) for name, outcome in found.items()}
    server = {name: told[name] for name in parts}
    datasets = {one.name: told[name] for name, one in catalogue.items()}
    worst = _worst([*server.values(), *datasets.values()])
    return {"status": worst, "server": server, "datasets": datasets}


def _told(outcome: Any, patience: float) -> Condition:
    if isinstance(outcome, dict):
        return outcome
    if outcome is None:
        return wrong("failing", RetoucheError("check_hangs", seconds=round(patience)))
    if isinstance(outcome, RetoucheError):
        return wrong("failing", outcome)
    LOG.error("check_failed", exc_info=outcome)
    return wrong("failing", RetoucheError("check_failed"))


def _worst(found: list[Condition]) -> str:
    return max((one["status"] for one in found), key=CONDITIONS.index, default="ok")


def wrong(status: str, error: RetoucheError) -> Condition:
    """A condition that is not well, with its code and its sentence in the reader's language."""
    return {"status": status, "code": error.reason, "detail": problem(error, locale())[1]}


# -- The server -----------------------------------------------------------------------------


def _database() -> Condition:
    services().signs.seen()
    return {"status": "ok"}


def _queue() -> Condition:
    try:
        return {"status": "ok", "waiting": services().queue.waiting()}
    except RetoucheError as error:  # work is found without it
        return wrong("degraded", error)


def _mail() -> Condition:
    """Whether mails leave. Tells no address."""
    outbox = services().outbox
    if not services().mailing.is_on:
        return {"status": "ok", "sent": False}
    waiting = outbox.waiting()
    # The oldest, whenever it is to be tried again.
    oldest = outbox.due(now=services().clock() + timedelta(days=365), limit=1)
    found: Condition = {"status": "ok", "sent": True, "waiting": waiting}
    if oldest and oldest[0].attempts >= TRIED:
        error = RetoucheError("mail_not_sent", waiting=waiting, attempts=oldest[0].attempts)
        found |= wrong("degraded", error)
    return found


def _worker(*, young: bool) -> Condition:
    seen = services().signs.seen().get(ALIVE)
    found: Condition = {"status": "ok", "seen_at": _text(seen)}
    if seen is None:
        return found if young else found | wrong("degraded", RetoucheError("worker_absent"))
    silent = services().clock() - seen
    if silent > SILENT and not young:
        seconds = round(silent.total_seconds())
        found |= wrong("degraded", RetoucheError("worker_silent", seconds=seconds))
    return found


def _disk() -> Condition:
    settings = services().settings
    free = shutil.disk_usage(settings.home).free
    found: Condition = {"status": "ok", "free": free}
    if free < settings.disk_low:
        error = RetoucheError("disk_low", free=free, threshold=settings.disk_low)
        found |= wrong("degraded", error)
    return found


# -- Datasets -------------------------------------------------------------------------------


def condition(one: Dataset) -> Condition:
    """*failing* when a dataset cannot be read, *degraded* when it can, but its forge cannot."""
    try:
        found = one.at()
        for name in found.package.resources:
            found.blob(name)
        present: Condition = {"status": "ok", "revision": found.commit}
    except RetoucheError as error:
        present = {
            "status": "failing",
            "code": error.code,
            "detail": problem(error, locale())[1],
        }
    present |= _pause(one)
    seen = outlook(one)
    if seen is None:
        return present
    silent, held = silence(seen), notice(one)
    token = _token(seen)
    if present["status"] == "ok" and (silent or held or (token and token["status"] != "ok")):
        present["status"] = "degraded"
    return present | {
        "queued": services().proposals.counts(one).get("queued", 0),
        "forge": _silence(silent) if silent else {"status": "ok"},
        "held": {"revision": held.held, "code": held.code, "detail": held.sentence}
        if held
        else None,
        "token": token,
        "seen_at": _text(seen.polled_at),
    }


def _pause(one: Dataset) -> Condition:
    """That a dataset takes no corrections is its reviewers' will, and no fault."""
    paused = services().moderation.pause(one.name, now=services().clock())
    if paused is None:
        return {}
    sentence = problem(RetoucheError("paused", message=None), locale())[1]
    until = _text(paused.until)
    return {"paused": {"code": "paused", "detail": sentence, "until": until}}


def _token(seen: Outlook) -> Condition | None:
    """How long our own token at a forge lasts; None where it does not end, or is not known to."""
    if seen.token_ends is None:
        return None
    days = (date.fromisoformat(seen.token_ends) - services().clock().date()).days
    status = "ok" if days > SOON else "ending" if days > 0 else "ended"
    found: Condition = {"status": status, "ends": seen.token_ends, "days": max(days, 0)}
    if status != "ok":
        found |= wrong(status, RetoucheError(f"token_{status}", days=days))
    return found


def _silence(silent: Silence) -> Condition:
    return {
        "status": "failing",
        "code": silent.code,
        "detail": silent.sentence,
        "since": _text(silent.since),
        "retry_at": _text(silent.retry_at),
        "failures": silent.failures,
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
