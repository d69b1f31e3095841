"""docs/faults.md: what the fault tests, the corpus, the crash suite and the mutants gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.corpus import CASES
from tests.faults.crash.points import POINTS
from tests.faults.crash.runs import GROUP, Figures
from tests.faults.lines import LINES

HEAD = """# Faults

Made by `make faults`; do not edit. What is not promised is in
[operations](operations.md#what-is-not-promised).
"""
SHOWN = 4
"""Tests that are named for a line; the others are counted."""


@dataclass(slots=True)
class Run:
    """All that was found."""

    tests: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    corpus: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    figures: Figures = field(default_factory=Figures)
    mutants: Mapping[str, str | None] = field(default_factory=dict)
    seconds: float = 0.0
    machine: str = ""

    @property
    def is_well(self) -> bool:
        """Whether every line is survived, every case as expected, every defect found."""
        outcomes = [one["outcome"] for one in (*self.tests.values(), *self.corpus.values())]
        return (
            "failed" not in outcomes
            and not self.figures.findings
            and all(self.mutants.values())
            and all(_survived(self.of_line(one.number)) for one in LINES)
        )

    def of_line(self, number: int) -> dict[str, Mapping[str, Any]]:
        return {name: one for name, one in self.tests.items() if number in one["faults"]}


def page(run: Run) -> str:
    """The whole page."""
    parts = [HEAD, _summary(run), _lines(run), _corpus(run), _crash(run.figures), _mutants(run)]
    return "\n".join(parts)


def _summary(run: Run) -> str:
    well = sum(_survived(run.of_line(one.number)) for one in LINES)
    caught = sum(one is not None for one in run.mutants.values())
    figures = run.figures
    kills = figures.at_points + figures.at_random + figures.server_kills
    found = len(figures.findings)
    rows = [
        ("lines of the fault list survived", f"{well} of {len(LINES)}"),
        ("files of the CSV corpus as expected", f"{_as_expected(run)} of {len(CASES)}"),
        ("proposals acknowledged", str(figures.acknowledged + figures.server_acknowledged)),
        ("kills", f"{kills}: {figures.at_points} at named points, {figures.at_random} of whole"
         f" groups at random, {figures.server_kills} of a real server"),
        ("lost, doubled or otherwise wrong", str(found)),
        ("planted defects that the crash suite finds", f"{caught} of {len(run.mutants)}"),
        ("time", f"{run.seconds:.0f} s on {run.machine}"),
    ]  # fmt: skip
    return _table(("what", "result"), rows)


def _lines(run: Run) -> str:
    rows = []
    for one in LINES:
        tests = run.of_line(one.number)
        rows.append((str(one.number), one.fault, one.outcome, _named(tests), _verdict(tests)))
    head = ("#", "fault", "required outcome", "tests", "this run")
    return "## Fault list\n\n" + _table(head, rows)


def _named(tests: Mapping[str, Any]) -> str:
    """The functions, with how many cases each has."""
    cases = Counter(name.partition("[")[0] for name in tests)
    names = []
    for name, count in list(cases.items())[:SHOWN]:
        function = name.replace("::", " ").split()[-1].removeprefix("test_").replace("_", " ")
        names.append(function + (f" ({count} cases)" if count > 1 else ""))
    if len(cases) > SHOWN:
        names.append(f"and {len(cases) - SHOWN} more")
    return "; ".join(names)


def _verdict(tests: Mapping[str, Mapping[str, Any]]) -> str:
    counts = Counter(one["outcome"] for one in tests.values())
    if counts["failed"]:
        return f"**{counts['failed']} of {len(tests)} failed**"
    text = "survived" if counts["passed"] else "**not shown**"
    reasons = {one["reason"] for one in tests.values() if one["outcome"] == "skipped"}
    return text + "".join(f"; skipped: {reason}" for reason in sorted(reasons))


def _survived(tests: Mapping[str, Mapping[str, Any]]) -> bool:
    outcomes = [one["outcome"] for one in tests.values()]
    return "passed" in outcomes and "failed" not in outcomes


def _corpus(run: Run) -> str:
    rows: list[tuple[str, str, str, str]] = []
    for one in CASES:
        what: str = one.outcome
        if one.code is not None:
            place = f", line {one.line}" if one.line else ""
            what += f": `{one.code}`{place}"
            what = what.replace("refused:", "422:")
        rows.append((one.row, one.name, what, _of_case(run, f"{one.row}-{one.name}")))
    rows += [
        ("too large", "file over the limit", "413 before it is parsed", _of_test(run, "file_over")),
        ("too large", "cell of 10 MB", "413 in a correction; in a file in nobody's way",
         _of_test(run, "cell_over")),
        ("too large", "10,000 columns", "accepted", _of_test(run, "ten_thousand_columns")),
    ]  # fmt: skip
    text = (
        "Each file goes through `retouche check`, the import of `retouche serve`, and the API of a"
        " server to which git brought it. *Accepted* and *reported* files are corrected and read"
        " back byte for byte; refusals are held against their sentence in both languages.\n\n"
    )
    return "## CSV corpus\n\n" + text + _table(("kind", "file", "outcome", "this run"), rows)


def _of_case(run: Run, name: str) -> str:
    return _as_it_was([one for test, one in run.corpus.items() if f"[{name}]" in test])


def _of_test(run: Run, part: str) -> str:
    return _as_it_was([one for test, one in run.corpus.items() if part in test])


def _as_it_was(found: Sequence[Mapping[str, Any]]) -> str:
    well = bool(found) and all(one["outcome"] == "passed" for one in found)
    return "as expected" if well else "**not as expected**"


def _as_expected(run: Run) -> int:
    return sum(_of_case(run, f"{one.row}-{one.name}") == "as expected" for one in CASES)


def _crash(figures: Figures) -> str:
    text = (
        "## Crash suite\n\n"
        f"{figures.homes} homes, {figures.lives} processes, {figures.acknowledged} proposals"
        f" acknowledged and {figures.decided} decided on, {figures.by_hand} commits made by hand"
        f" in between, {figures.seconds:.0f} s. Each home ends with `git fsck --strict`, one branch"
        " and one merge request a proposal, no lock, and a file that is byte for byte what the"
        " accepted proposals make of the first. A proposal that nothing can finish stands in"
        " nobody's way in any of them. A real server was killed"
        f" {figures.server_kills} times while {figures.server_acknowledged} proposals were sent to"
        " it. Kills around the calls to GitLab are lines 8 and 9 of the list.\n\n"
    )
    if figures.findings:
        text += "".join(f"- **{one}**\n" for one in figures.findings) + "\n"
    lines = {one.name: ", ".join(map(str, one.lines)) for one in POINTS} | {GROUP: "11"}
    rows = [
        (name, str(count), lines.get(name, "3")) for name, count in sorted(figures.kills.items())
    ]
    return text + _table(("killed", "times", "line"), rows)


def _mutants(run: Run) -> str:
    rows = [
        (name, "**not found**" if found is None else _plain(found))
        for name, found in run.mutants.items()
    ]
    return "## Planted defects\n\n" + _table(("defect", "what the crash suite says"), rows)


def _plain(text: str) -> str:
    """What was found, without ids that differ from run to run."""
    return text.split(": [")[0].split(": (")[0].partition("(")[0][:120].replace("|", "\\|").strip()


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(one) + " |\n" for one in lines)
