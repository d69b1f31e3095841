"""Webhooks as GitLab posts them, by a thread of their own, and how they go astray."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import socket
import threading
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from tests.gitlab_double.merge_requests import shown_time

Mode = Literal["normal", "lost", "twice", "reversed"]
_TIMEOUT = 10.0
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(hours=24)


@dataclass(eq=False)
class Hook:
    """Where a project posts its events."""

    id: int
    url: str
    token: str | None = field(default=None, repr=False)
    signing_token: str | None = field(default=None, repr=False)
    push_events: bool = True
    merge_requests_events: bool = True
    note_events: bool = True
    confidential_note_events: bool = False
    enable_ssl_verification: bool = True
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    failures: int = 0
    disabled_until: datetime | None = None

    @property
    def alert_status(self) -> str:
        """As the API tells it: `executable`, `temporarily_disabled` or `disabled`."""
        if self.failures >= 40:
            return "disabled"
        if self.disabled_until is not None and self.disabled_until > datetime.now(UTC):
            return "temporarily_disabled"
        return "executable"

    def count(self, success: bool) -> None:
        """Four failures in a row disable it for a minute, then twice as long each time."""
        if success:
            self.failures, self.disabled_until = 0, None
            return
        self.failures += 1
        if self.failures >= 4:
            pause = min(_MINUTE * 2 ** (self.failures - 4), _DAY)
            self.disabled_until = datetime.now(UTC) + pause

    def as_json(self, project_id: int) -> dict[str, Any]:
        """As the API shows it: never with its secrets."""
        disabled = self.disabled_until
        return {
            "id": self.id,
            "url": self.url,
            "name": "",
            "description": "",
            "project_id": project_id,
            "push_events": self.push_events,
            "push_events_branch_filter": None,
            "branch_filter_strategy": "all_branches",
            "merge_requests_events": self.merge_requests_events,
            "note_events": self.note_events,
            "confidential_note_events": self.confidential_note_events,
            "issues_events": False,
            "tag_push_events": False,
            "pipeline_events": False,
            "enable_ssl_verification": self.enable_ssl_verification,
            "alert_status": self.alert_status,
            "disabled_until": shown_time(disabled) if disabled else None,
            "url_variables": [],
            "custom_headers": [],
            "token_present": bool(self.token),
            "signing_token_present": bool(self.signing_token),
            "created_at": shown_time(self.created_at),
        }


@dataclass(slots=True)
class Delivery:
    """One event on its way to one hook."""

    hook: Hook
    event: str
    headers: dict[str, str]
    body: bytes
    status: int | None = None
    """The code of the answer; None: not sent, or no answer."""

    @property
    def payload(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content


def prepared(hook: Hook, event: str, payload: dict[str, Any], instance: str) -> Delivery:
    """An event with the headers that GitLab gives it."""
    body = json.dumps(payload).encode()
    message = str(uuid.uuid4())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "GitLab/18.9.2-ee",
        "Idempotency-Key": message,
        "X-Gitlab-Event": event,
        "X-Gitlab-Webhook-UUID": hook.uuid,
        "X-Gitlab-Instance": instance,
        "X-Gitlab-Event-UUID": str(uuid.uuid4()),
    }
    if hook.token:
        headers["X-Gitlab-Token"] = hook.token
    if hook.signing_token:
        moment = str(int(time.time()))
        headers["webhook-id"], headers["webhook-timestamp"] = message, moment
        headers["webhook-signature"] = signature(hook.signing_token, message, moment, body)
    return Delivery(hook, event, headers, body)


def signature(signing_token: str, message: str, moment: str, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over id, time and body."""
    key = base64.b64decode(signing_token.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message}.{moment}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


class Postman:
    """Delivers events in order, one at a time, in the background."""

    def __init__(self) -> None:
        self.mode: Mode = "normal"
        self.deliveries: list[Delivery] = []
        """All that was sent, or lost, in order."""
        self._held: list[Delivery] = []
        self._waiting: deque[Delivery] = deque()
        self._wake = threading.Condition()
        self._busy = False
        self._stopped = False
        self._thread: threading.Thread | None = None
        self._connection: http.client.HTTPConnection | None = None

    def take(self, delivery: Delivery) -> None:
        """Send an event as the mode has it."""
        with self._wake:
            self.deliveries.append(delivery)
            match self.mode:
                case "lost":
                    return
                case "reversed":
                    self._held.append(delivery)
                case "twice":
                    self._post([delivery, delivery])
                case _:
                    self._post([delivery])

    def flush(self) -> None:
        """Send what is held back, newest first."""
        with self._wake:
            held, self._held = self._held, []
            self._post(held[::-1])

    def settle(self, seconds: float = 10.0) -> bool:
        """Wait until all is delivered; False when it took too long."""
        with self._wake:
            return self._wake.wait_for(lambda: not self._waiting and not self._busy, seconds)

    def stop(self) -> None:
        """Deliver nothing more."""
        with self._wake:
            self._stopped = True
            self._waiting.clear()
            self._wake.notify_all()
            thread, self._thread = self._thread, None
            sock = self._connection.sock if self._connection else None
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        if thread is not None:
            thread.join()

    def _post(self, deliveries: list[Delivery]) -> None:
        self._waiting.extend(deliveries)
        if self._thread is None and not self._stopped:
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()
        self._wake.notify_all()

    def _work(self) -> None:
        while True:
            with self._wake:
                self._busy = False
                self._wake.notify_all()
                self._wake.wait_for(lambda: self._waiting or self._stopped)
                if self._stopped:
                    return
                delivery = self._waiting.popleft()
                self._busy = True
            if delivery.hook.alert_status == "executable":
                delivery.status = self._sent(delivery)
                delivery.hook.count(delivery.status is not None and 200 <= delivery.status < 300)

    def _sent(self, delivery: Delivery) -> int | None:
        parts = urlsplit(delivery.hook.url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=_TIMEOUT)
        self._connection = connection
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", path, delivery.body, delivery.headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            self._connection = None
            connection.close()
