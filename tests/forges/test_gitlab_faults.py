"""Every fault of the double at every step: an error of ours in time, and one of each in the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from retouche.core.errors import (
    ForgeRefused,
    ForgeUnavailable,
    NotAllowed,
    NotSignedIn,
    RetoucheError,
)
from retouche.core.messages import REASONS
from retouche.forges.gitlab.limits import Deadlines
from retouche.forges.gitlab.mirror import Mirror, There
from retouche.ports import Opened
from tests.forges.contract import DATASET, NOW, seed
from tests.forges.gitlab_places import QUICK, GitLabPlace, make_forge, make_place
from tests.forges.plain_git import is_sound
from tests.gitlab_double import Fault, GitLab

IMPATIENT = Deadlines(connect=2.0, read=0.8, call=1.0, refs=2.5, fetch=3.0, mergeable=4.0)
LONGEST = 15.0
"""Seconds that a call may take here, whatever goes wrong, on a loaded machine."""
SEVERAL = 8
STEPS = {
    "open": ("mr-list", "git-refs", "git-push", "mr-create"),
    "close": ("mr-list", "mr-update", "branches"),
    "remake": ("git-refs", "git-push"),
    "merge": ("mr-list", "git-refs", "mr-get", "mr-merge", "git-fetch", "branches"),
}
REASONS_OF = {
    "reset": {"forge_unreachable"},
    "unauthorized": {"forge_unauthorized"},
    "forbidden": {"forge_forbidden"},
    "too_many": {"forge_rate_limited"},
    "error": {"forge_down"},
    "html": {"forge_answer_unclear"},
    "truncated": {"forge_answer_unclear", "forge_unreachable", "forge_timeout"},
    "lost_before": {"forge_unreachable"},
    "lost_after": {"forge_unreachable"},
    "slow": {"forge_timeout"},
    "redirect": {"forge_redirected"},
    "foreign_page": set(),
    "busy": {"forge_busy"},
}
AFTER = {"truncated", "lost_after", "slow", "foreign_page"}
"""What goes wrong on the way back."""
OF_GIT = {"git-refs", "git-push", "git-fetch"}
LATE = {("merge", "git-fetch"), ("merge", "branches")}
"""Steps after the merge: what fails there does not undo it, so nothing is raised."""
LOOKED_UP = {("mr-merge", "lost_after"), ("mr-merge", "truncated"), ("mr-merge", "slow")}
"""The answer is lost and the effect is found."""
SETTLED = {("branches", "forbidden"), ("branches", "truncated"), ("branches", "slow")}
"""A branch that may not be removed stays; the answer to one that is removed has no body."""


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seed(tmp_path_factory.mktemp("gitlab-faults") / "seed.git")


@pytest.fixture
def place(tmp_path: Path, filled: Path) -> Iterator[GitLabPlace]:
    with GitLab() as gitlab:
        place = make_place(tmp_path, gitlab, filled)
        yield place
        assert is_sound(place.mirror)
        place.forge.repository.close()


@dataclass
class Scene:
    """One operation on one proposal, as a courier repeats it."""

    place: GitLabPlace
    number: int
    operation: str
    deadlines: Deadlines

    def __post_init__(self) -> None:
        self.proposal = f"{self.number:016x}"
        self.branch = f"refs/heads/proposals/{DATASET}/{self.proposal}"
        self.forge = self.place.again(deadlines=self.deadlines)
        self.before = self.place.forge.published()
        self.opened: Opened | None = None
        if self.operation != "open":
            self.opened = self.open()
        if self.operation == "remake":
            self.place.project.push("main", {"data/a.csv": b"%d" % self.number})
            self.place.forge.publish(str(self.place.forge.fetch().tip))

    def files(self) -> dict[str, bytes]:
        return {"b.csv": b"%d\n" % self.number}

    def open(self) -> Opened:
        return self.forge.open(
            self.proposal, parent=self.before, files=self.files(), message="Edit", time=NOW
        )

    def act(self) -> Any:
        if self.operation == "open":
            return self.open()
        assert self.opened is not None
        if self.operation == "close":
            return self.forge.close(self.proposal)
        if self.operation == "remake":
            return self.forge.remake(
                self.proposal,
                replaces=self.opened.head,
                parent=self.place.forge.published(),
                files=self.files(),
                message="Again",
                time=NOW,
            )
        return self.forge.merge(
            self.proposal,
            published=self.before,
            head=self.opened.head,
            files=self.files(),
            message="Accept",
            time=NOW,
            prepared=lambda _: None,
            reviewer=self.place.reviewer,
        )

    def tried(self) -> tuple[Any, RetoucheError | None]:
        start = time.monotonic()
        try:
            return self.act(), None
        except RetoucheError as error:
            return None, error
        finally:
            assert time.monotonic() - start < LONGEST

    def check(self, given: Any) -> None:
        """Exactly one branch and one merge request, each as it should be."""
        project = self.place.project
        found = [
            one for one in project.requests.values() if self.branch.endswith(one.source_branch)
        ]
        assert len(found) == 1
        [request] = found
        head = self.place.branches.get(self.branch)
        if self.operation == "open":
            assert (request.state, request.head, head) == ("opened", given.head, given.head)
            assert given.merge_request.number == request.iid
        elif self.operation == "remake":
            assert (request.state, request.head, head) == ("opened", given, given)
            assert len(request.versions) == 2
        elif self.operation == "close":
            assert (request.state, head) == ("closed", None)
        else:
            assert (request.state, head) == ("merged", None)
            assert given == project.head() == self.forge.published()
            assert self.forge.read(given, "b.csv") == self.files()["b.csv"]
            merges = self.place.gitlab.step_calls("mr-merge")
            assert {one.user for one in merges} <= {"maintainer", None}


@pytest.mark.parametrize("kind", REASONS_OF)
@pytest.mark.parametrize("operation", STEPS)
@pytest.mark.fault(21, 22, 23, 24, 25, 26, 27, 28)
def test_a_fault_at_any_step_is_told_in_time_and_leaves_one_of_each(
    place: GitLabPlace, operation: str, kind: Any
) -> None:
    deadlines = IMPATIENT if kind == "slow" else QUICK
    for number, step in enumerate(STEPS[operation], start=1):
        if kind == ("busy" if step not in OF_GIT else "foreign_page"):
            continue
        scene = Scene(place, number, operation, deadlines)
        # What had its effect is not asked for again.
        times = 1 if kind in AFTER else 2
        fault = place.gitlab.fault(Fault(on=step, kind=kind, times=times, seconds=4.0))
        errors, given = [], None
        for _ in range(SEVERAL):
            before = fault.met
            given, error = scene.tried()
            errors.append(error)
            if error is None and before == fault.met == times:
                break
        assert fault.met == times, (step, errors)
        assert errors[-1] is None, (step, errors)
        scene.check(given)
        lenient = (operation, step) in LATE or {(step, kind)} & (LOOKED_UP | SETTLED)
        if kind != "foreign_page" and not lenient:
            check_error(errors[0], operation, step, kind)
    assert place.gitlab.foreign.calls == []


def check_error(error: RetoucheError | None, operation: str, step: str, kind: str) -> None:
    """In our words, of the right kind."""
    assert error is not None, step
    assert error.reason in REASONS
    if step == "mr-merge" and kind in ("unauthorized", "forbidden"):
        assert isinstance(error, NotAllowed | NotSignedIn)
        return
    assert isinstance(error, ForgeUnavailable), (step, error)
    assert error.reason in REASONS_OF[kind], (operation, step, error)
    assert isinstance(error, ForgeRefused) == (kind == "forbidden")


@pytest.mark.parametrize("operation", STEPS)
def test_a_server_that_is_down_is_told_at_once_and_used_again_when_it_is_up(
    place: GitLabPlace, operation: str
) -> None:
    scene = Scene(place, 1, operation, QUICK)
    place.gitlab.stop()
    for _ in range(2):
        _, error = scene.tried()
        assert isinstance(error, ForgeUnavailable)
        assert error.reason == "forge_unreachable"
    # What is here goes on being read.
    assert place.forge.read(place.forge.published(), "schemas/s.json") == b"{ }"
    place.gitlab.start()
    given, error = scene.tried()
    assert error is None
    scene.check(given)


DATE = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("90", 90.0),
        (90, 90.0),
        (format_datetime(DATE + timedelta(minutes=5), usegmt=True), 300.0),
        (format_datetime(DATE - timedelta(minutes=5), usegmt=True), 0.0),
        ("soon", None),
        ("-5", None),
        (None, None),
    ],
)
@pytest.mark.fault(23)
def test_who_asks_us_to_wait_is_understood(
    place: GitLabPlace, header: Any, seconds: float | None
) -> None:
    forge = place.again(clock=lambda: DATE)
    place.gitlab.fault(Fault(on="mr-list", kind="too_many", retry_after=header))
    start = time.monotonic()
    with pytest.raises(ForgeUnavailable) as refused:
        list(forge.requests())
    assert refused.value.retry_after == seconds
    assert time.monotonic() - start < 5.0


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
@pytest.mark.fault(24)
def test_pages_of_proxies_are_faults_of_the_server(place: GitLabPlace, status: int) -> None:
    place.gitlab.fault(Fault(on="mr-list", kind="error", status=status))
    with pytest.raises(ForgeUnavailable) as refused:
        list(place.forge.requests())
    assert (refused.value.reason, refused.value.values) == ("forge_down", {"status": status})


READS: dict[str, tuple[str, Callable[[GitLabPlace], Any]]] = {
    "fetch": ("git-refs", lambda place: place.forge.fetch()),
    "bring": ("git-fetch", lambda place: place.forge.fetch()),
    "requests": ("mr-list", lambda place: list(place.forge.requests())),
    "request": ("mr-get", lambda place: place.forge.request(1)),
    "notes": ("notes-list", lambda place: place.forge.notes(1)),
    "say": ("notes-create", lambda place: place.forge.say(1, "Text")),
    "label": ("mr-update", lambda place: place.forge.label(1, add=("a",))),
    "recall": ("git-refs", lambda place: place.forge.recall(1)),
}


@pytest.mark.parametrize("kind", REASONS_OF)
def test_faults_while_following_are_told_too(place: GitLabPlace, kind: Any) -> None:
    deadlines = IMPATIENT if kind == "slow" else QUICK
    place.open()
    forge = place.again(deadlines=deadlines)
    impatient = GitLabPlace(
        **{name: getattr(place, name) for name in place.__dataclass_fields__} | {"forge": forge}
    )
    for name, (step, act) in READS.items():
        if kind == ("busy" if step not in OF_GIT else "foreign_page"):
            continue
        place.project.push("main", {"b.csv": name.encode()})
        # curl asks once more itself when a connection that it kept is cut.
        place.gitlab.fault(Fault(on=step, kind=kind, times=2, seconds=4.0))
        if kind == "foreign_page":
            act(impatient)
            place.gitlab.faults.clear()
            continue
        with pytest.raises(ForgeUnavailable) as refused:
            act(impatient)
        assert refused.value.reason in REASONS_OF[kind], (name, kind, refused.value)
        place.gitlab.faults.clear()
    assert place.gitlab.foreign.calls == []


@pytest.mark.fault(21)
def test_a_host_that_does_not_exist_and_one_without_a_certificate_are_told(
    place: GitLabPlace, tmp_path: Path
) -> None:
    port = place.gitlab.url.rpartition(":")[2]
    for host, scheme, reasons in (
        (f"localhost:{port}", "https", {"forge_untrusted"}),
        ("nowhere.invalid", "https", {"forge_unreachable"}),
    ):
        changes: dict[str, Any] = {
            "base_url": f"{scheme}://{host}",
            "clone_url": f"{scheme}://{host}/open-data/centres.git",
        }
        forge = make_forge(
            tmp_path / f"{scheme}-{host}.git", place.gitlab, place.project, str, **changes
        )
        for act in (forge.fetch, lambda forge=forge: list(forge.requests())):
            with pytest.raises(ForgeUnavailable) as refused:
                act()
            assert refused.value.reason in reasons


@pytest.mark.parametrize(
    "address",
    [
        "http://gitlab.example.org/a/b.git",
        "ssh://git@gitlab.example.org/a/b.git",
        "ext::sh -c x",
        "file:///a/b.git",
        "https://user:secret@gitlab.example.org/a/b.git",
        "https://gitlab.example.org/a/b.git?x",
        "--upload-pack=x",
    ],
)
def test_git_is_given_no_other_address_than_https(
    place: GitLabPlace, tmp_path: Path, address: str
) -> None:
    with pytest.raises(ValueError, match="https"):
        make_forge(tmp_path / "x.git", place.gitlab, place.project, str, clone_url=address)


def test_of_two_processes_that_open_at_once_the_second_adopts(
    place: GitLabPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second looked before the first had pushed, and asks after it has."""
    scene, other = (Scene(place, 1, "open", QUICK) for _ in range(2))
    looked = Mirror.look
    blind = iter([True])

    def look(mirror: Mirror, *patterns: str) -> There:
        found = looked(mirror, *patterns)
        if next(blind, False):
            scene.open()
        return found

    monkeypatch.setattr(Mirror, "look", look)
    given = other.open()
    assert given == scene.open()
    scene.check(given)
