"""One process that works beside requests: the courier, following, and the chores."""

from __future__ import annotations

import gc
import os
import select
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

import structlog

from retouche.cli.worker import ARENAS, BEAT, M_ARENA_MAX, TRIM, tell_malloc
from retouche.services.chores import Chores

if TYPE_CHECKING:
    from retouche.wiring import Services

LOG = structlog.get_logger()


class Background:
    """Works until it is told to stop or left alone, and shows that it lives."""

    def __init__(
        self,
        services: Services,
        *,
        lifeline: int,
        ready: Callable[[], None],
        beat: Callable[[float], None],
    ) -> None:
        """`lifeline` can be read when the process that started this one is gone."""
        self._services = services
        self._chores = Chores(services.chores, services.inbox, wake=services.courier.wake)
        self._lifeline = lifeline
        self._ready = ready
        self._beat = beat

    def run(self) -> None:
        tell_malloc("mallopt", M_ARENA_MAX, ARENAS)
        gc.freeze()
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, lambda *_: None)
        self._services.keeping.start()
        self._services.courier.start()
        self._chores.start()
        threads = [one for one in threading.enumerate() if one is not threading.current_thread()]
        self._ready()
        for number in count():
            self._beat(time.monotonic())
            if number % TRIM == 0:
                tell_malloc("malloc_trim", 0)
            ready, _, _ = select.select([woken, self._lifeline], [], [], BEAT)
            if ready:
                break
            if ended := [one.name for one in threads if not one.is_alive()]:
                # Whatever ended it, its work would be left undone: another process takes our place.
                LOG.error("thread_ended", names=ended)
                break
        self._end()

    def _end(self) -> None:
        """Finish what is under way, but for what takes long: the next worker goes on there."""
        signal.set_wakeup_fd(-1)
        self._chores.stop()
        with suppress(Exception):  # what is open ends with the process
            self._services.close()
