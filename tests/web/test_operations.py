"""What an operator watches: health, readiness, figures, and a log without anybody's words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import TestResponse

from retouche import logs
from retouche.core.errors import ForgeUnavailable
from retouche.meters import BUCKETS, Meters
from retouche.services.attesting import ALIVE, attested
from retouche.web import health
from retouche.web.health import Looks
from retouche.web.observing import METERS, OUTCOMES, Observer
from tests.datasets import Browser, serve, update, write_desks

# Health


def json_of(answer: TestResponse) -> dict[str, Any]:
    found: Any = answer.json
    assert isinstance(found, dict)
    return found


def condition(desks: Browser, language: str = "en") -> dict[str, Any]:
    answer = desks.client.get("/health", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return json_of(answer)


def test_a_server_that_is_well_says_so_of_every_part(desks: Browser) -> None:
    found = condition(desks)
    assert found["status"] == "ok"
    assert set(found["server"]) == {"database", "queue", "mail", "worker", "disk"}
    assert all(one["status"] == "ok" for one in found["server"].values())
    assert found["datasets"]["desks"]["revision"] == desks.published


def test_a_journal_that_cannot_be_read_is_named(
    desks: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise ForgeUnavailable("journal_unavailable")

    monkeypatch.setattr(type(desks.services.signs), "seen", down)
    found = condition(desks)
    assert found["status"] == "failing"
    assert found["server"]["database"]["code"] == "journal_unavailable"
    ready = desks.client.get("/ready")
    assert (ready.status_code, json_of(ready)["database"]) == (503, False)


def test_a_part_that_hangs_is_named_and_not_waited_for(
    desks: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs, calls = threading.Event(), []

    def hanging(self: object) -> int:
        calls.append(1)
        hangs.wait(30)
        return 0

    monkeypatch.setattr(health, "PATIENCE", 0.1)
    monkeypatch.setattr(health.examine, "__kwdefaults__", {"patience": 0.5})
    monkeypatch.setattr(type(desks.services.queue), "waiting", hanging)
    for _ in range(3):
        found = condition(desks)
        assert found["server"]["queue"]["code"] == "check_hangs"
        assert found["server"]["database"]["status"] == "ok"
    assert len(calls) == 1  # it is not asked again until it has answered
    hangs.set()


def test_a_silent_worker_is_told_of_in_both_languages(
    desks: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Looks, "is_young", False)
    absent = condition(desks)
    assert (absent["status"], absent["server"]["worker"]["code"]) == ("degraded", "worker_absent")
    chores = {one.name: one for one in desks.services.chores}
    chores[ALIVE].run()
    assert condition(desks)["server"]["worker"]["status"] == "ok"
    desks.services.clock.now += timedelta(minutes=10)  # type: ignore[attr-defined]
    english = condition(desks)["server"]["worker"]
    french = condition(desks, "fr")["server"]["worker"]
    assert english["code"] == french["code"] == "worker_silent"
    assert "No worker has given" in english["detail"]
    assert "Aucun processus" in french["detail"]


def test_a_chore_that_fails_gives_no_sign(desks: Browser) -> None:
    from retouche.ports import Chore

    def fails() -> None:
        raise ForgeUnavailable

    signs = desks.services.signs
    chore, _ = attested(
        [Chore(name="odd", every=timedelta(hours=1), run=fails)], signs, desks.services.clock
    )
    with pytest.raises(ForgeUnavailable):
        chore.run()
    assert "odd" not in signs.seen()


def test_a_disk_that_fills_up_and_a_pause_are_told(tmp_path: Path) -> None:
    from retouche.ports import Pause

    package = write_desks(tmp_path / "package")
    desks = Browser(serve(tmp_path / "home", {"desks": package}, disk_low=10**18))
    since = desks.services.clock()
    desks.services.moderation.set_pause(
        Pause(dataset="desks", by="Someone", since=since, message="Back on Monday")
    )
    found = condition(desks)
    assert found["server"]["disk"]["code"] == "disk_low"
    assert found["datasets"]["desks"]["paused"]["code"] == "paused"
    assert found["datasets"]["desks"]["status"] == "ok"  # its reviewers want it so
    assert "Monday" not in json.dumps(found)
    assert "Someone" not in json.dumps(found)


# Figures


ORDER = ("dataset", "state", "reason", "route", "method", "status", "le", "chore", "version")


def figures(desks: Browser) -> dict[tuple[str, tuple[str, ...]], float]:
    text = desks.client.get("/metrics").text
    return {
        (
            sample.name,
            tuple(sample.labels[one] for one in ORDER if one in sample.labels),
        ): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_figures_are_well_formed_and_tell_what_there_is(desks: Browser) -> None:
    desks.propose(update("01", agents="9"))
    meters: Meters = desks.app.extensions[METERS]
    meters.request("/api/v1/datasets/<name>", "GET", 200, 0.003)
    meters.request("/api/v1/datasets/<name>", "GET", 404, 7.0)
    meters.request("not a route", "BREW", 500, 100.0)
    meters.contribution("desks", "received")
    meters.contribution("desks", "invalid")
    meters.contribution("nobody's", "invalid")
    found = figures(desks)
    route = "/api/v1/datasets/<name>"
    assert found["retouche_requests_total", (route, "GET", "2xx")] == 1
    assert found["retouche_requests_total", (route, "GET", "4xx")] == 1
    assert found["retouche_requests_total", ("other", "other", "5xx")] == 1
    bucket = "retouche_request_duration_seconds_bucket"
    assert found[bucket, (route, "GET", "0.0025")] == 0
    assert found[bucket, (route, "GET", "0.005")] == 1
    assert found[bucket, (route, "GET", "10.0")] == 2
    assert found["retouche_request_duration_seconds_sum", (route, "GET")] == pytest.approx(7.003)
    assert found["retouche_proposals_received_total", ("desks",)] == 1
    assert found["retouche_proposals_refused_total", ("desks", "invalid")] == 1
    assert found["retouche_proposals", ("desks", "open")] == 1
    assert found["retouche_journal_up", ()] == 1
    assert found["retouche_queue_up", ()] == 1
    assert found["retouche_disk_free_bytes", ()] > 0
    assert ("retouche_mails_waiting", ()) in found


def test_a_journal_that_is_down_takes_no_other_figure_with_it(
    desks: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object, **__: object) -> None:
        raise ForgeUnavailable("journal_unavailable")

    monkeypatch.setattr(desks.services.proposals.__class__, "counts", down)
    found = figures(desks)
    assert found["retouche_journal_up", ()] == 0
    assert found["retouche_disk_free_bytes", ()] > 0


ROUTES = ("/a", "/b/<name>")
COUNT = """
import sys
from pathlib import Path
from retouche.meters import Meters
meters = Meters(Path(sys.argv[1]), routes=("/a", "/b/<name>"), datasets=("d",), outcomes=("x",))
for _ in range(int(sys.argv[2])):
    meters.request("/a", "GET", 200, 0.01)
    meters.contribution("d", "x")
print("counted", flush=True)
sys.stdin.read()
"""


def counting(folder: Path, times: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", COUNT, str(folder), str(times)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "counted\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def sums(meters: Meters) -> tuple[int, list[tuple[str, str, int]]]:
    totals = meters.totals()
    return (
        sum(sum(one.counts) for one in meters.requests(totals)),
        list(meters.contributions(totals)),
    )


def test_counts_of_processes_add_up_and_outlive_them(tmp_path: Path) -> None:
    meters = Meters(tmp_path, routes=ROUTES, datasets=("d",), outcomes=("x",))
    one, two = counting(tmp_path, 300), counting(tmp_path, 41)
    assert sums(meters) == (341, [("d", "x", 341)])
    end(one)
    for _ in range(3):
        assert sums(meters) == (341, [("d", "x", 341)])
    assert len(list(tmp_path.glob("*.live"))) == 1
    meters.request("/a", "GET", 200, 0.01)
    end(two)
    assert sums(meters)[0] == 342
    third = counting(tmp_path, 5)
    assert sums(meters)[0] == 347
    end(third)
    assert sums(meters)[0] == 347
    assert len(list(tmp_path.glob("*.live"))) == 1  # our own
    assert len(list(tmp_path.glob("*.ended"))) == 1


def test_a_kill_in_mid_fold_counts_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meters = Meters(tmp_path, routes=ROUTES, datasets=("d",), outcomes=("x",))
    end(counting(tmp_path, 7))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", lambda *_, **__: os.abort)  # as if it never came to that
        assert sums(meters)[0] == 7
    assert len(list(tmp_path.glob("*.live"))) == 1
    for _ in range(2):
        assert sums(meters)[0] == 7
    assert not list(tmp_path.glob("*.live"))


def test_what_another_version_counted_is_removed_once_it_is_gone(tmp_path: Path) -> None:
    other = Meters(tmp_path, routes=("/a", "/b/<name>"), datasets=("d",), outcomes=("x",))
    end(counting(tmp_path, 7))
    assert sums(other)[0] == 7
    newer = Meters(tmp_path, routes=("/new",))
    end(counting(tmp_path, 7))
    assert sums(newer) == (0, [])
    assert len(list(tmp_path.iterdir())) == 2  # the lock, and what has ended


def test_without_a_disk_counts_are_kept_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    meters = Meters(tmp_path / "file" / "metrics", routes=ROUTES)
    meters.request("/a", "GET", 200, 0.1)
    assert sums(meters)[0] == 0


def test_threads_lose_no_count(tmp_path: Path) -> None:
    meters = Meters(tmp_path, routes=ROUTES)

    def count() -> None:
        for _ in range(2_000):
            meters.request("/a", "GET", 200, BUCKETS[0])

    threads = [threading.Thread(target=count) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sums(meters)[0] == 8_000


# Logs

SECRETS = ("ann@example.org", "04 65 71 00 55", "Quiet Street", "?secret=")


@pytest.fixture
def logged(capfd: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """The lines of the log, at a level."""
    import structlog

    before = structlog.get_config()

    def lines(level: str, work: Any) -> list[dict[str, Any]]:
        logs.configure(level)
        capfd.readouterr()
        work()
        return [json.loads(one) for one in capfd.readouterr().err.splitlines()]

    yield lines
    structlog.configure(**before)


def ask(desks: Browser, observer: Observer, method: str, path: str, **options: Any) -> None:
    """Send a request to the application as the gateway does, and have it observed."""
    from werkzeug.test import EnvironBuilder

    from retouche.web.kept import Answer

    builder = EnvironBuilder(method=method, path=path, **options)
    environ = builder.get_environ()
    started: list[Any] = []
    kept = desks.app.extensions["retouche_kept"]
    parts = kept.make(environ, lambda status, headers, *_: started.extend((status, headers)))
    body = b"".join(parts)
    observer.made(environ, Answer(status=started[0], headers=started[1], body=body), 0.0123)


def requests_to(desks: Browser) -> None:
    observer = Observer(desks.app.extensions[METERS])
    body = {
        "operations": [update("01", note="Quiet Street", phone="04 65 71 00 55")],
        "contributor": {"name": "Ann", "email": "ann@example.org"},
    }
    known = {"X-Request-Id": "chosen by the client", "Authorization": "Bearer a-secret-token"}
    api = "/api/v1/datasets/desks"
    ask(desks, observer, "POST", f"{api}/proposals", json=body, headers=known)
    ask(desks, observer, "GET", f"{api}/resources/desks/rows?q=Quiet Street")
    ask(desks, observer, "GET", "/api/v1/datasets/ann@example.org")
    ask(desks, observer, "GET", "/Quiet Street/ann@example.org?secret=y")
    ask(desks, observer, "POST", f"{api}/validate", json=body)
    ask(desks, observer, "BREW", "/health")


KEYS = {"event", "level", "timestamp", "method", "route", "status", "ms", "request_id", "dataset"}


def test_changes_and_refusals_are_logged_and_reads_are_not(
    desks: Browser, logged: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = logged("info", lambda: requests_to(desks))
    assert [(one["method"], one["route"], one["status"], one.get("dataset")) for one in lines] == [
        ("POST", "/api/v1/datasets/<name>/proposals", 201, "desks"),
        ("GET", "/api/v1/datasets/<name>", 404, None),
        ("GET", "/<dataset:name>/<resource>", 404, None),
        ("other", "other", 405, None),
    ]
    assert lines[0]["ms"] == 12.3
    for level in ("info", "debug"):
        for one in logged(level, lambda: requests_to(desks)):
            assert set(one) <= KEYS, one
            assert len(one["request_id"]) == 16
            for secret in (*SECRETS, "Ann", "chosen", "a-secret-token", "127.0.0.1"):
                assert secret not in json.dumps(one)
    assert len(logged("debug", lambda: requests_to(desks))) == 6
    assert logged("warning", lambda: requests_to(desks)) == []


def test_a_defect_is_one_line_without_anybody_s_words_and_a_500_with_its_id(
    desks: Browser, logged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defect(*_: object, **__: object) -> None:
        name = "ann@example.org"
        try:
            raise KeyError(name)
        except KeyError as error:
            raise ValueError(f"no place for {name} in Quiet Street") from error

    monkeypatch.setattr(desks.services.proposals.__class__, "counts", defect)
    desks.app.config["PROPAGATE_EXCEPTIONS"] = False
    answers = []

    def work() -> None:
        answers.append(desks.client.get("/ready", headers={"X-Request-Id": "mine"}))

    (line,) = logged("info", work)
    (answer,) = answers
    assert answer.status_code == 500
    assert json_of(answer)["code"] == "internal"
    assert json_of(answer)["request_id"] == line["request_id"] == answer.headers["X-Request-Id"]
    assert line["route"] == "/ready"
    for word in ("ValueError", "retouche", "/server", "ann@", "Quiet"):
        assert word not in answer.text
    assert line["exception"].startswith("builtins.ValueError\n")
    assert "builtins.KeyError\n" in line["exception"]
    assert " defect" in line["exception"]
    for word in ("ann@example.org", "Quiet Street"):
        assert word not in json.dumps(line)


def test_outcomes_of_contributions_are_counted_by_reason(desks: Browser) -> None:
    observer = Observer(desks.app.extensions[METERS])
    path = "/api/v1/datasets/desks/proposals"
    ask(desks, observer, "POST", path, json={"operations": [update("01", agents="3")]})
    ask(desks, observer, "POST", path, json={"operations": [update("01", agents="many")]})
    ask(desks, observer, "POST", path, json={"operations": [update("nobody", agents="3")]})
    ask(desks, observer, "POST", path, data=b"{")
    counted: Mapping[tuple[str, tuple[str, ...]], float] = figures(desks)
    assert counted["retouche_proposals_received_total", ("desks",)] == 1
    assert counted["retouche_proposals_refused_total", ("desks", "invalid")] == 1
    reasons = {labels[1] for name, labels in counted if name == "retouche_proposals_refused_total"}
    assert reasons <= set(OUTCOMES)


def test_labels_are_as_many_as_the_server_knows_when_it_starts(desks: Browser) -> None:
    observer = Observer(desks.app.extensions[METERS])
    before = len(figures(desks))
    for number in range(40):
        ask(desks, observer, "GET", f"/nowhere/{number}/{number}/x")
        ask(desks, observer, f"M{number}", f"/api/v1/datasets/d{number}")
    after = figures(desks)
    added = {labels[:2] for name, labels in after if name == "retouche_requests_total"}
    assert len(after) - before < 60
    assert len(added) <= 4
