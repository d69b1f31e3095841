"""A worker that is cut off while it carries: another goes on, and when it is back nothing is
doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from retouche.journals.locks import _key
from tests.gitlab_double import Fault
from tests.machines.installation import check_nothing_lost_or_doubled, installed
from tests.machines.network import network
from tests.machines.senders import Senders
from tests.machines.servers import API, until

HOLDER = """
SELECT host(client_addr) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND ((classid::bigint << 32) | objid::bigint) = %s
"""


@pytest.mark.long
@pytest.mark.faults
@pytest.mark.fault(40)
def test_a_worker_that_is_cut_off_doubles_nothing(tmp_path: Path) -> None:
    with network() as net, installed(tmp_path, host=net.address) as there:
        port = int(there.gitlab.url.rpartition(":")[2])
        shared = net.share(port)
        web = there.add("web-1", "web")
        hosts = {}
        for name in ("worker-1", "worker-2"):
            host = net.host()
            net.reach(host, port, shared)
            there.add(name, "worker", inside=host.inside)
            hosts[host.address] = host
        there.start()
        # Each merge request takes a while to be made, so that most of the time one is.
        slow = there.gitlab.fault(Fault("mr-create", "slow", times=10_000, seconds=0.5))
        senders = Senders([web], threads=2, seed=1)
        senders.start()
        try:
            senders.until(5)

            def holder() -> object:
                found = there.database.execute(HOLDER, _key("desks~courier"))
                return found[0][0] if found else None

            cut = hosts[str(until(holder))]
            cut.cut()
            sent = len(senders.acknowledged)
            until(lambda: holder() not in (None, cut.address), what="nobody took over")
            senders.until(sent + 3)
            later = list(senders.acknowledged)[-1]
            until(lambda: web.get(f"{API}/proposals/{later}")["state"] == "open")
            cut.heal()
            senders.until(len(senders.acknowledged) + 5)
        finally:
            senders.stop()
        slow.times = 0
        check_nothing_lost_or_doubled(there, senders)
