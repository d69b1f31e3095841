"""What signed-in people may do at a forge, asked once a minute, remembered while it is silent."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from retouche.core.errors import ForgeRefused, ForgeUnavailable
from retouche.ports import Role

FRESH = 60.0
"""Seconds for which a role is not asked again."""
STALE = 3600.0
"""Seconds for which it is believed while the forge does not answer: to show, never to decide."""
PAUSE = 15.0
"""Seconds after a silence in which nobody waits for the same forge again."""
PATIENCE = 2.0
"""Seconds that a page waits for a role; what is told later is kept for the next one."""
ASKING = 4
"""Most calls at a time."""
MOST = 1_000

Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    role: Role
    at: float


class Roles:
    """The roles of sessions by dataset. Safe for threads; each process asks for itself."""

    def __init__(
        self, now: Callable[[], float] = time.monotonic, *, patience: float = PATIENCE
    ) -> None:
        self._now = now
        self._patience = patience
        self._asking = ThreadPoolExecutor(ASKING, thread_name_prefix="role")
        self._known: OrderedDict[Key, Known] = OrderedDict()
        self._silent_until: dict[str, float] = {}
        self._lock = threading.Lock()

    def of(self, session_hash: str, dataset: str, ask: Callable[[], Role]) -> Role:
        """The role of a session. Raises `ForgeUnavailable` when it is not known, and what `ask`
        raises otherwise; it is called in a thread of its own."""
        key, now = (session_hash, dataset), self._now()
        silent = self.is_silent(dataset)
        with self._lock:
            known = self._known.get(key)
        age = STALE if known is None else now - known.at
        if known is not None and age < (STALE if silent else FRESH):
            return known.role
        try:
            if silent:
                raise ForgeUnavailable("gitlab_silent")
            role = self._told(key, ask)
        except ForgeUnavailable as error:
            if _is_personal(error):
                raise
            if not silent:
                self.note_silence(dataset)
            if known is not None and age < STALE:
                return known.role
            raise
        self._keep(key, role)
        return role

    def _told(self, key: Key, ask: Callable[[], Role]) -> Role:
        asked = self._asking.submit(ask)
        try:
            return asked.result(self._patience)
        except TimeoutError:
            if not asked.cancel():
                asked.add_done_callback(lambda done: self._told_late(key, done))
            raise ForgeUnavailable("gitlab_silent") from None

    def _told_late(self, key: Key, done: Future[Role]) -> None:
        if done.exception() is None:
            self._keep(key, done.result())

    def is_silent(self, dataset: str) -> bool:
        """Whether the forge of a dataset did not answer a moment ago."""
        with self._lock:
            return self._now() < self._silent_until.get(dataset, 0.0)

    def note_silence(self, dataset: str) -> None:
        with self._lock:
            self._silent_until[dataset] = self._now() + PAUSE

    def forget(self, session_hash: str) -> None:
        """Ask again for this session."""
        with self._lock:
            for key in [one for one in self._known if one[0] == session_hash]:
                del self._known[key]

    def _keep(self, key: Key, role: Role) -> None:
        with self._lock:
            self._silent_until.pop(key[1], None)
            self._known[key] = Known(role=role, at=self._now())
            self._known.move_to_end(key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)


def _is_personal(error: ForgeUnavailable) -> bool:
    """Whether the forge does answer, and only this person asked too much or oddly."""
    return isinstance(error, ForgeRefused) or error.reason == "forge_rate_limited"
