"""The logic of the measurements: how figures are judged and shown, and how a load is counted."""

from __future__ import annotations

import itertools
import json
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from benchmarks import report
from benchmarks.__main__ import SUBJECTS
from benchmarks.edits import corrected, key_of
from benchmarks.figures import Aim, Figure, growth
from benchmarks.load import load
from benchmarks.peers import PeerMissing, run
from benchmarks.questions import deep, frequent, page
from benchmarks.serving import Serving
from benchmarks.timing import interleaved, within

WORK = "some work"


def test_a_cost_with_a_bound_is_held_against_its_limit() -> None:
    figure = Figure(work=WORK, size="S", ours=3.0, peer=2.0, aim=Aim("at most", 1.5))
    assert (figure.ratio, figure.holds) == (1.5, True)
    dearer = Figure(work=WORK, size="S", ours=3.1, peer=2.0, aim=Aim("at most", 1.5))
    assert dearer.holds is False


def test_a_gain_is_how_many_times_better_in_seconds_and_in_requests() -> None:
    aim = Aim("at least", 20)
    assert Figure(work=WORK, size="M", ours=0.1, peer=2.0, aim=aim).holds is True
    requests = Figure(work=WORK, size="M", ours=190.0, peer=10.0, unit="/s", aim=aim)
    assert (requests.ratio, requests.holds) == (19.0, False)


def test_a_figure_below_its_aim_needs_no_peer() -> None:
    held = Figure(work=WORK, size="L", ours=999, unit="B", aim=Aim("below", 1_000))
    assert (held.ratio, held.holds) == (None, True)


def test_nothing_holds_without_a_figure_or_its_peer() -> None:
    aim = Aim("at least", 2)
    assert Figure(work=WORK, size="S", ours=1.0, aim=aim, note="no peer").holds is None
    assert Figure(work=WORK, size="S", ours=None, aim=aim).holds is None


def test_growth_is_in_cost_from_the_size_before_on_the_same_work() -> None:
    small = Figure(work=WORK, size="S", ours=400.0, unit="/s")
    large = Figure(work=WORK, size="L", ours=100.0, unit="/s")
    other = Figure(work="other", size="M", ours=1.0, unit="/s")
    figures = [small, other, large]
    assert growth(large, figures) == ("S", 4.0)
    assert growth(small, figures) is None


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0000123, "s", "12.3 µs"),
        (0.0123, "s", "12.3 ms"),
        (12.34, "s", "12.3 s"),
        (740, "B", "740 B"),
        (33_000_000, "B", "33.0 MB"),
        (12_345, "/s", "12,345 /s"),
    ],
)
def test_figures_are_shown_in_three_digits(value: float, unit: str, text: str) -> None:
    assert report.shown(value, unit) == text  # type: ignore[arg-type]


def test_the_table_says_what_does_not_hold_and_what_was_not_measured() -> None:
    figures = [
        Figure(work="a", size="S", ours=4.0, peer=1.0, aim=Aim("at most", 2)),
        Figure(work="b", size="M", ours=1.0, peer=120.0, cut=True, aim=Aim("at least", 200)),
        Figure(work="c", size="", ours=None, note="failed: no such peer"),
    ]
    lines = [line.replace(" ", "") for line in report.table(figures).splitlines()]
    assert lines[2] == "|a|S|4.00s||1.00s|4.00×|≤2×|**no**||"
    assert "|atleast120s|atleast120×|" in lines[3]
    assert "notmeasured" in lines[4]
    assert "- c: failed: no such peer.\n" in report.remarks(figures)


def test_the_document_counts_the_figures_that_hold() -> None:
    held = Figure(work="a", size="S", ours=1.0, peer=1.0, aim=Aim("at most", 2))
    missed = Figure(work="a", size="M", ours=4.0, peer=1.0, aim=Aim("at most", 2))
    text = report.document([held, missed], {"cores": "2"}, {"a": "How."}, {"S": "1 × 1"})
    assert "Of 2 figures with an aim, 1 hold." in text
    assert "| cores | 2 |" in text
    assert json.loads(report.as_json([held], {}))["figures"][0]["holds"] is True


def test_every_subject_tells_how_it_is_measured() -> None:
    assert all(one.how.endswith(".") and callable(one.measure) for one in SUBJECTS.values())


def test_runs_take_turns() -> None:
    order: list[str] = []
    interleaved(lambda run: order.append(f"a{run}"), lambda run: order.append(f"b{run}"), runs=2)
    assert order == ["a0", "b0", "a1", "b1"]
    assert len(within(0, lambda _: None, most=5)) == 1
    assert len(within(60, lambda _: None, most=5)) == 5


def test_a_correction_changes_one_cell_of_one_row() -> None:
    rows = [f"{row:07d},rue,1.5,2020-01-01" for row in range(3_000)]
    data = ("id,word_1,number_2,date_3\n" + "\n".join(rows) + "\n").encode()
    after = corrected(data, 2, "S").decode().splitlines()
    changed = [(a, b) for a, b in zip(data.decode().splitlines(), after, strict=True) if a != b]
    assert changed == [(f"{key_of(2, 'S')},rue,1.5,2020-01-01", "0000838,rue,2.0000021,2020-01-01")]


def test_questions_differ_from_one_number_to_the_next_and_are_the_same_to_both() -> None:
    asked = page("M")
    assert len({asked.ours(number) for number in range(500)}) == 500
    assert "number_2__gte=" + asked.ours(3).partition("greater=")[2][:7] in asked.peer(3)
    assert len({frequent(number) for number in range(500)}) > 450
    by_key = deep("L", by_key=True)
    assert "page=20001&page_size=45" in by_key.ours(0)
    assert "_next=0899999&_size=45" in by_key.peer(0)


def test_a_peer_that_does_not_run_says_why() -> None:
    with pytest.raises(PeerMissing, match=r"no-such-peer: No such file"):
        run(["/nowhere/no-such-peer"])
    with pytest.raises(PeerMissing, match="no network"):
        run([sys.executable, "-c", "raise SystemExit('no network')"])


ANSWERS = {
    "/length": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "/chunks": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "/refused": b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
}


@contextmanager
def answering() -> Iterator[Serving]:
    """A server of the fixed answers, in pieces, for one connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                while request := connection.recv(65_536):
                    sent = ANSWERS[request.split()[1].decode()]
                    connection.sendall(sent[:-3])
                    connection.sendall(sent[-3:])

        thread = threading.Thread(target=answer)
        thread.start()
        yield Serving("127.0.0.1", listener.getsockname()[1], 0)
        thread.join(timeout=5)


@pytest.mark.parametrize("path", ["/length", "/chunks"])
def test_a_load_counts_whole_answers(path: str) -> None:
    with answering() as server:
        answered = load(server, itertools.repeat(path), duration=0.02, connections=1)
    assert answered.requests > 1
    assert answered.size == answered.requests * len(ANSWERS[path])
    assert answered.rate == pytest.approx(answered.requests / answered.seconds)


def test_a_load_refuses_any_status_but_200() -> None:
    with answering() as server, pytest.raises(RuntimeError, match="503"):
        load(server, itertools.repeat("/refused"), duration=0.02, connections=1)
