"""Many at once: ten thousand open proposals, a thousand connections that say nothing."""

from __future__ import annotations

import resource
import socket
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, select

from retouche.journals.database import Database
from retouche.journals.tables import PROPOSAL_ROWS, PROPOSALS
from tests.datasets import Browser, serve, update, write_desks
from tests.server import Server

OPEN = 10_000
IDLE = 1_000


def many_more(home: Path, count: int) -> None:
    """Copies of the one proposal that is there, in the journal alone."""
    database = Database(f"sqlite:///{(home / 'journal.sqlite').resolve()}")
    with database.writing() as connection:
        one = dict(connection.execute(select(PROPOSALS)).mappings().one())
        row = dict(connection.execute(select(PROPOSAL_ROWS)).mappings().first() or {})
        first = one.pop("sequence") + 1
        copies = [
            {**one, "sequence": first + n, "id": f"{n:016x}", "number": n + 2, "head": f"{n:040x}"}
            for n in range(count)
        ]
        connection.execute(insert(PROPOSALS), [_unkeyed(copy) for copy in copies])
        touched = [{**row, "proposal": first + n} for n in range(count)]
        connection.execute(insert(PROPOSAL_ROWS), touched)
    database.close()


def _unkeyed(copy: dict[str, Any]) -> dict[str, Any]:
    return {name: None if name == "idempotency_key" else it for name, it in copy.items()}


@pytest.mark.fault(45)
def test_ten_thousand_open_proposals_are_listed_in_pages_and_joined_by_others(
    tmp_path: Path,
) -> None:
    """How quick that is, is measured elsewhere; here it is counted what is read."""
    folder = write_desks(tmp_path / "package")
    services = serve(tmp_path / "home", {"desks": folder}, max_open_proposals=OPEN + 10)
    desks = Browser(services)
    desks.propose(update("01", agents="5"))
    many_more(tmp_path / "home", OPEN - 1)
    statements: list[str] = []
    engine = services.proposals.decisions._journal.database.engine  # type: ignore[attr-defined]
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    page = desks.get("/proposals?state=open").json
    assert page["meta"]["total"] == OPEN
    assert len(page["data"]) == 20
    of_a_page = len(statements)
    statements.clear()
    sent = desks.propose(update("02", agents="6"))
    assert sent.status_code == 201
    of_a_proposal = len(statements)
    assert of_a_page < 20
    assert of_a_proposal < 40
    newest = desks.get("/proposals?state=open").json
    assert (newest["meta"]["total"], newest["data"][0]["id"]) == (OPEN + 1, sent.json["id"])
    last = desks.get(f"/proposals?state=open&page_size=1000&page={OPEN // 1000 + 1}").json
    assert [one["number"] for one in (last["data"][-1]["merge_request"],)] == [1]
    services.close()


@pytest.mark.fault(46)
def test_a_thousand_idle_connections_keep_nobody_waiting(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * IDLE
    if hard not in (resource.RLIM_INFINITY, -1) and hard < wanted:
        pytest.skip(f"this machine allows {hard} open files")
    server = Server(tmp_path / "home", str(write_desks(tmp_path / "package")))
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    try:
        server.start()
        with ExitStack() as opened:
            for _ in range(IDLE):
                address = ("127.0.0.1", server.port)
                opened.enter_context(socket.create_connection(address, timeout=30))
            assert server.get("/ready")["ready"] is True
            body = {"operations": [update("01", agents="5")]}
            sent = server.post("/api/v1/datasets/desks/proposals", body, key="among-many")
            assert sent["state"] == "open"
            begun = datetime.now(UTC)
            assert server.get("/api/v1/datasets/desks/resources/desks/rows")["meta"]["total"] == 4
            assert (datetime.now(UTC) - begun).total_seconds() < 10
    finally:
        server.kill()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
