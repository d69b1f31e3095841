"""What a GitLab forge does beyond the contract: adopts, follows, re-makes, and lets GitLab rule."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from retouche.core.errors import (
    ForgeRefused,
    ForgeUnavailable,
    HeadMoved,
    NotAllowed,
    NotFound,
    NotSignedIn,
)
from retouche.forges.gitlab import session
from retouche.forges.gitlab.api import Api
from retouche.forges.gitlab.landing import Landing
from retouche.forges.gitlab.limits import Deadlines, Pace
from retouche.forges.gitlab.mirror import make_mirror
from retouche.ports import RequestText, Reviewer
from tests.forges.contract import CSV, DATASET, EDITED, FIRST, NOW, SECOND, seed
from tests.forges.gitlab_places import GitLabPlace, make_forge, make_place
from tests.forges.plain_git import git, is_sound, refs
from tests.gitlab_double import Fault, GitLab, merge_request_api, merging, user_api

BRANCH = f"proposals/{DATASET}/{FIRST}"
OTHER = CSV.replace(b"01;", b"11;")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seed(tmp_path_factory.mktemp("gitlab-forge") / "seed.git")


@pytest.fixture
def place(tmp_path: Path, filled: Path) -> Iterator[GitLabPlace]:
    with GitLab() as gitlab:
        place = make_place(tmp_path, gitlab, filled)
        yield place
        place.forge.repository.close()


# -- Opening --------------------------------------------------------------------------------


def test_a_merge_request_says_what_it_was_given_and_removes_its_branch(place: GitLabPlace) -> None:
    text = RequestText(title="Correct", description="A table", labels=("a", "b"), draft=True)
    tip = place.forge.published()
    opened = place.forge.open(
        FIRST, parent=tip, files={"data/a.csv": EDITED}, message="x", time=NOW, text=text
    )
    request = place.project.requests[opened.merge_request.number]
    assert (request.title, request.description) == ("Draft: Correct", "A table")
    assert (sorted(request.labels), request.draft) == (["a", "b"], True)
    assert (request.source_branch, request.target_branch) == (BRANCH, "main")
    assert opened.merge_request.url is not None
    assert opened.merge_request.url.startswith(place.gitlab.url)


def test_a_title_that_is_too_long_is_cut(place: GitLabPlace) -> None:
    text = RequestText(title="é" * 300, description="", draft=True)
    tip = place.forge.published()
    place.forge.open(
        FIRST, parent=tip, files={"data/a.csv": EDITED}, message="x", time=NOW, text=text
    )
    assert len(place.project.requests[1].title) == 255


@pytest.mark.fault(25, 27)
def test_a_branch_that_an_earlier_try_pushed_is_taken(place: GitLabPlace) -> None:
    made = place.again().commit(
        parent=place.forge.published(),
        files={"data/a.csv": EDITED},
        message=f"Correct a row\n\nProposal: {FIRST}\n",
        time=NOW,
    )
    git(place.mirror, "push", "--quiet", str(place.path), f"{made}:refs/heads/{BRANCH}")
    assert place.open().head == made
    assert place.gitlab.step_calls("git-push") == []
    assert len(place.project.requests) == 1


def test_a_merge_request_aims_at_the_default_branch_as_it_is_named_by_now(
    place: GitLabPlace,
) -> None:
    place.forge.fetch()
    place.project.rename_default("trunk")
    opened = place.open()
    assert place.project.requests[opened.merge_request.number].target_branch == "trunk"


@pytest.mark.fault(27, 42)
def test_a_branch_that_somebody_else_wrote_is_adopted(place: GitLabPlace) -> None:
    theirs = place.project.push(BRANCH, {"data/a.csv": OTHER}, start="main", by="maintainer")
    opened = place.open()
    assert opened.head == theirs
    assert place.forge.read(opened.head, "data/a.csv") == OTHER
    assert place.open() == opened


def test_a_merge_request_of_the_same_branch_name_in_a_fork_is_none_of_ours(
    place: GitLabPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.open()
    for name in ("basic_json", "full_json"):
        shown = getattr(merge_request_api, name)
        from_fork = partial(_from_fork, shown)
        monkeypatch.setattr(merge_request_api, name, from_fork)
    assert list(place.forge.requests()) == []
    with pytest.raises(NotFound):
        place.forge.request(1)


def _from_fork(shown: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
    return {**shown(*arguments), "source_project_id": 999}


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "https://elsewhere.example/-/merge_requests/1",
        "//elsewhere.example/",
        "{here}.elsewhere.example/x",
        "{here}@elsewhere.example/x",
        "{here}/a b",
        "{here}/\u202e",
        "{here}",
        5,
        None,
    ],
)
def test_an_address_that_leads_elsewhere_is_not_taken(
    place: GitLabPlace, monkeypatch: pytest.MonkeyPatch, address: Any
) -> None:
    given = address.format(here=place.gitlab.url) if isinstance(address, str) else address
    for name in ("full_json", "basic_json"):
        shown = partial(_at_address, given, getattr(merge_request_api, name))
        monkeypatch.setattr(merge_request_api, name, shown)
    opened = place.open().merge_request
    here = f"{place.gitlab.url}/{place.project.name}/-/merge_requests/1"
    assert opened.url == place.forge.request(1).url == here


def _at_address(given: Any, shown: Callable[..., dict[str, Any]], *arguments: Any) -> Any:
    return {**shown(*arguments), "web_url": given}


def test_one_merge_request_that_cannot_be_read_keeps_nobody_from_the_others(
    place: GitLabPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.open()
    place.open(SECOND, OTHER)
    for name in ("full_json", "basic_json"):
        real = getattr(merge_request_api, name)
        monkeypatch.setattr(merge_request_api, name, partial(_odd_first, real))
    assert [one.proposal for one in place.forge.requests()] == [SECOND]
    with pytest.raises(ForgeRefused, match="forge_answer_unclear"):
        place.forge.request(1)
    assert place.forge.request(2).proposal == SECOND


def _odd_first(shown: Callable[..., dict[str, Any]], project: Any, one: Any, *more: Any) -> Any:
    found = shown(project, one, *more)
    return {**found, "state": 5} if one.iid == 1 else found


def test_what_is_too_large_for_one_answer_is_read_in_parts(
    place: GitLabPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "MAX_ANSWER", 80_000)
    place.open()
    place.open(SECOND, OTHER)
    for number in range(12):
        place.project.push(f"f-{number}", {"b.csv": b"%d" % number}, start="main")
        place.project.open(f"f-{number}").description = "x" * 10_000
        place.project.note(1, f"{number}" + "y" * 10_000, by="maintainer")
    place.project.requests[5].description = "x" * 90_000
    assert {one.proposal for one in place.forge.requests()} == {FIRST, SECOND}
    assert [one.body[:2].rstrip("y") for one in place.forge.notes(1)] == list(map(str, range(12)))


@pytest.mark.parametrize("told", [[], {"user_id": "x"}, {"user_id": 1, "expires_at": "soon"}])
def test_a_token_that_tells_nothing_clear_of_itself_has_no_known_end(
    place: GitLabPlace, monkeypatch: pytest.MonkeyPatch, told: Any
) -> None:
    monkeypatch.setattr(user_api, "token_json", lambda _: told)
    assert place.forge.token_end() is None


def test_a_broken_branch_keeps_nobody_from_the_others(place: GitLabPlace) -> None:
    first, second = place.open(), place.open(SECOND, OTHER)
    tip = place.project.push("main", {"b.csv": b"y\n"}, by="maintainer")
    branch = place.repository / f"refs/heads/proposals/{DATASET}/{FIRST}"
    tree = git(place.repository, "rev-parse", f"{tip}^{{tree}}")
    who = "a <a@example.org> 9999999999999999999999 +0000"
    text = f"tree {tree}\nparent {tip}\nauthor {who}\ncommitter {who}\n\nx\n"
    command = ("hash-object", "-t", "commit", "-w", "--literally", "--stdin")
    broken = git(place.repository, *command, data=text.encode())
    blob = git(place.repository, "hash-object", "-w", "--stdin", data=b"x")
    for odd in (broken, blob):
        branch.write_text(f"{odd}\n")
        fetched = place.forge.fetch()
        assert (fetched.tip, fetched.heads) == (tip, {SECOND: second.head})
    branch.write_text(f"{first.head}\n")
    assert place.forge.fetch().heads == {FIRST: first.head, SECOND: second.head}


def test_what_gitlab_says_of_a_refused_branch_is_kept(place: GitLabPlace) -> None:
    place.project.protect("proposals/*", push=[0], merge=[40])
    with pytest.raises(ForgeRefused) as refused:
        place.open()
    assert refused.value.reason == "push_refused"
    assert "protected" in refused.value.values["detail"]
    assert place.merge_requests == {}


def test_pipelines_are_skipped_only_where_that_is_wanted(place: GitLabPlace) -> None:
    place.open()
    tip = place.forge.published()
    place.again(pipelines_skipped=True).open(
        SECOND, parent=tip, files={"data/a.csv": OTHER}, message="x", time=NOW
    )
    options = {one.updates[0].ref: one.options for one in place.project.pushes}
    assert [list(one) for one in options.values()] == [[], ["ci.skip"]]


# -- Merging --------------------------------------------------------------------------------


def test_a_merge_needs_an_account(place: GitLabPlace) -> None:
    head = place.open().head
    for reviewer in (None, Reviewer(name="maintainer")):
        with pytest.raises(NotAllowed) as refused:
            replace(place, reviewer=reviewer).merge(head)
        assert refused.value.reason == "needs_account"


def test_only_the_reviewer_merges_and_never_the_bot(place: GitLabPlace) -> None:
    place.merge(place.open().head)
    merges = place.gitlab.step_calls("mr-merge")
    assert [one.user for one in merges] == ["maintainer"]
    merged = place.project.requests[1]
    assert merged.merge_user is not None
    assert merged.merge_user.name == "maintainer"


def test_who_may_not_merge_is_told_so_and_nothing_changes(place: GitLabPlace) -> None:
    before = place.forge.published()
    head = place.open().head
    place.project.member("developer", 30)
    token = place.gitlab.token("developer", scopes=("api",))
    with pytest.raises(NotAllowed) as refused:
        replace(place, reviewer=Reviewer(name="developer", token=token)).merge(head)
    assert refused.value.reason == "forge_not_allowed"
    place.gitlab.revoke(token)
    with pytest.raises(NotSignedIn) as ended:
        replace(place, reviewer=Reviewer(name="developer", token=token)).merge(head)
    assert ended.value.reason == "account_expired"
    assert place.forge.published() == before
    assert place.project.requests[1].state == "opened"


def test_a_draft_is_made_ready_by_who_merges_it(place: GitLabPlace) -> None:
    text = RequestText(title="Correct", description="", draft=True)
    tip = place.forge.published()
    head = place.forge.open(
        FIRST, parent=tip, files={"data/a.csv": EDITED}, message="x", time=NOW, text=text
    ).head
    place.merge(head)
    assert place.project.requests[1].title == "Correct"
    assert place.project.requests[1].state == "merged"


@pytest.mark.parametrize("method", ["merge", "ff", "rebase_merge"])
def test_each_way_of_merging_gives_the_commit_that_brought_it(
    place: GitLabPlace, method: str
) -> None:
    place.project.settings.merge_method = method
    place.project.settings.squash_option = "default_on"
    told: list[str] = []
    merged = place.merge(place.open().head, prepared=told)
    assert place.forge.published() == merged == place.project.head()
    assert place.forge.contains(told[0], merged)
    assert next(iter(place.forge.revisions(merged))).proposal == FIRST


@pytest.mark.parametrize("method", ["merge", "ff", "rebase_merge"])
def test_a_proposal_on_an_older_version_is_merged_as_our_merge_wants_it(
    place: GitLabPlace, method: str
) -> None:
    place.project.settings.merge_method = method
    tip = place.forge.published()
    first, second = place.open(), place.open(SECOND, OTHER)
    place.merge(first.head)
    both = EDITED.replace(b"01;", b"11;")
    told: list[str] = []
    merged = place.merge(second.head, SECOND, data=both, prepared=told)
    assert place.forge.read(merged, "data/a.csv") == both
    assert told[0] != second.head
    assert place.forge.contains(told[0], merged)
    assert not place.forge.contains(second.head, merged)
    assert place.forge.contains(tip, merged)
    assert place.branches == {}


def test_a_merge_that_gitlab_merely_took_note_of_is_not_said_to_be_done(
    place: GitLabPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = place.open().head
    monkeypatch.setattr(merging, "merge", lambda *_: None)
    told: list[str] = []
    with pytest.raises(ForgeUnavailable, match="forge_answer_unclear"):
        place.merge(head, prepared=told)
    assert told == [head]


def test_what_somebody_wrote_unseen_keeps_nobody_from_closing(place: GitLabPlace) -> None:
    head = place.open().head
    place.project.push(BRANCH, {"b.csv": b"y\n"}, by="maintainer")
    place.forge.close(FIRST)
    assert (place.project.requests[1].state, place.branches) == ("closed", {})
    assert place.forge.read(head, "data/a.csv") == EDITED


def test_what_aims_at_another_branch_is_not_merged(place: GitLabPlace) -> None:
    head = place.open().head
    place.project.push("next", {"b.csv": b"y\n"}, start="main")
    place.project.retarget(1, "next", by="maintainer")
    told: list[str] = []
    with pytest.raises(ForgeRefused) as refused:
        place.merge(head, prepared=told)
    assert (refused.value.values["status"], told) == ("other_target", [])
    assert place.project.requests[1].state == "opened"


def test_what_was_merged_into_another_branch_is_not_published(place: GitLabPlace) -> None:
    head = place.open().head
    place.project.push("next", {"b.csv": b"y\n"}, start="main")
    place.project.retarget(1, "next", by="maintainer")
    place.project.merge(1, by="maintainer")
    with pytest.raises(ForgeRefused) as refused:
        place.merge(head)
    assert refused.value.values["status"] == "other_target"


def test_what_is_published_while_gitlab_makes_up_its_mind_is_not_merged_into_unseen(
    place: GitLabPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Landing._opened
    head = place.open().head

    def late(landing: Landing, number: int, merging: str) -> Any:
        found = opened(landing, number, merging)
        place.project.push("main", {"b.csv": b"y\n"}, by="maintainer")
        return found

    monkeypatch.setattr(Landing, "_opened", late)
    told: list[str] = []
    with pytest.raises(HeadMoved, match="published_moved"):
        place.merge(head, prepared=told)
    assert told == []


def test_a_branch_made_ready_in_vain_is_ours_and_is_used_again(place: GitLabPlace) -> None:
    first, second = place.open(), place.open(SECOND, OTHER)
    place.merge(first.head)
    both = EDITED.replace(b"01;", b"11;")
    place.project.settings.status_override = "not_approved"
    with pytest.raises(ForgeRefused) as refused:
        place.merge(second.head, SECOND, data=both)
    assert (refused.value.reason, refused.value.values["status"]) == (
        "not_mergeable",
        "not_approved",
    )
    present = place.branches[f"refs/heads/proposals/{DATASET}/{SECOND}"]
    assert place.forge.resolve(f"proposals/{DATASET}/{SECOND}") == present != second.head
    place.project.settings.status_override = None
    told: list[str] = []
    place.merge(second.head, SECOND, data=both, prepared=told)
    assert told == [present]


@pytest.mark.fault(42)
def test_what_somebody_wrote_to_the_branch_is_not_merged_unseen(place: GitLabPlace) -> None:
    head = place.open().head
    place.project.push(BRANCH, {"data/a.csv": OTHER}, by="maintainer")
    told: list[str] = []
    with pytest.raises(HeadMoved):
        place.merge(head, prepared=told)
    assert told == []
    assert place.project.requests[1].state == "opened"


def test_what_somebody_wrote_is_merged_as_it_is_when_that_was_reviewed(place: GitLabPlace) -> None:
    place.open()
    theirs = place.project.push(BRANCH, {"data/a.csv": OTHER, "b.csv": b"y\n"}, by="maintainer")
    place.forge.fetch()

    def accept(head: str) -> str:
        return place.forge.merge(
            FIRST,
            published=place.forge.published(),
            head=head,
            files={"data/a.csv": OTHER},
            message="Accept",
            time=NOW,
            prepared=lambda _: None,
            reviewer=place.reviewer,
            as_it_is=True,
        )

    with pytest.raises(HeadMoved):
        accept(place.forge.published())
    merged = accept(theirs)
    assert merged == place.project.head()
    assert place.forge.read(merged, "b.csv") == b"y\n"
    # Nobody checked all of it here: that is for the one who follows.
    assert place.forge.published() != merged


def test_what_was_pushed_meanwhile_stops_a_merge(place: GitLabPlace) -> None:
    head = place.open().head
    place.project.push("main", {"b.csv": b"y\n"}, by="maintainer")
    with pytest.raises(HeadMoved):
        place.merge(head)
    assert place.project.requests[1].state == "opened"


def test_gitlab_merged_it_already_so_it_is_merged(place: GitLabPlace) -> None:
    head = place.open().head
    place.project.merge(1, by="maintainer")
    merged = place.merge(head)
    assert merged == place.project.head() == place.forge.published()


def test_what_gitlab_merged_after_somebody_changed_it_is_not_what_was_accepted(
    place: GitLabPlace,
) -> None:
    head = place.open().head
    place.project.push(BRANCH, {"data/a.csv": OTHER}, by="maintainer")
    place.project.merge(1, by="maintainer")
    with pytest.raises(HeadMoved):
        place.merge(head)


def test_a_closed_merge_request_is_not_merged(place: GitLabPlace) -> None:
    head = place.open().head
    place.project.close(1, by="maintainer")
    with pytest.raises(ForgeRefused) as refused:
        place.merge(head)
    assert refused.value.values["status"] == "not_open"


def test_a_merge_request_that_gitlab_still_checks_is_waited_for(place: GitLabPlace) -> None:
    place.project.settings.mergeability_delay = 0.6
    place.merge(place.open().head)
    place.project.settings.mergeability_delay = 60
    head = place.open(SECOND, OTHER, parent=None).head
    with pytest.raises(ForgeRefused) as refused:
        place.merge(head, SECOND, data=OTHER)
    assert refused.value.values["status"] == "checking"


# -- Closing --------------------------------------------------------------------------------


def test_closing_closes_the_merge_request_in_the_name_of_who_decides(place: GitLabPlace) -> None:
    head = place.open().head
    place.forge.close(FIRST, reviewer=place.reviewer)
    request = place.project.requests[1]
    assert request.state == "closed"
    assert request.closed_by is not None
    assert request.closed_by.name == "maintainer"
    assert place.branches == {}
    assert place.forge.read(head, "data/a.csv") == EDITED
    assert FIRST not in str(refs(place.mirror, "refs/heads"))
    (found,) = place.forge.requests()
    assert (found.state, found.by, found.head) == ("closed", "maintainer", head)


def test_who_may_not_close_is_told_so(place: GitLabPlace) -> None:
    place.open()
    place.project.member("guest", 20)
    token = place.gitlab.token("guest", scopes=("api",))
    with pytest.raises(NotAllowed):
        place.forge.close(FIRST, reviewer=Reviewer(name="guest", token=token))
    assert place.project.requests[1].state == "opened"
    assert len(place.branches) == 1


def test_closing_what_somebody_closes_at_the_same_time_is_well(
    place: GitLabPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.open()
    update = Api.update

    def late(api: Api, number: int, fields: dict[str, Any]) -> None:
        place.project.close(1, by="maintainer")
        update(api, number, fields)

    monkeypatch.setattr(Api, "update", late)
    place.forge.close(FIRST)
    assert place.branches == {}


def test_a_protected_branch_stays_when_the_bot_closes_its_merge_request(
    place: GitLabPlace,
) -> None:
    place.project.protect("proposals/*", push=["bot"], merge=[40])
    branch = f"refs/heads/proposals/{DATASET}/{FIRST}"
    opened = place.open()
    place.forge.close(FIRST)
    assert place.project.requests[1].state == "closed"
    assert place.branches == {branch: opened.head}
    assert [(one.method, one.status) for one in place.gitlab.calls if one.method == "DELETE"] == [
        ("DELETE", 400)
    ]
    place.forge.close(FIRST)  # again, as after a kill
    assert place.forge.fetch().heads == {FIRST: opened.head}


def test_a_maintainer_who_merges_removes_a_protected_branch(place: GitLabPlace) -> None:
    place.project.protect("proposals/*", push=["bot"], merge=[40])
    place.merge(place.open().head)
    assert place.branches == {}


def test_a_protected_branch_that_may_not_be_forced_is_not_made_anew(place: GitLabPlace) -> None:
    place.project.protect("proposals/*", push=["bot"], merge=[40], force=False)
    first, second = place.open(), place.open(SECOND, OTHER)
    place.merge(first.head)
    both = EDITED.replace(b"01;", b"11;")
    with pytest.raises(ForgeRefused) as refused:
        place.merge(second.head, SECOND, data=both)
    assert refused.value.reason == "push_refused"
    assert "force push" in refused.value.values["detail"]
    assert place.branches == {f"refs/heads/proposals/{DATASET}/{SECOND}": second.head}


@pytest.mark.parametrize("method", ["merge", "ff", "rebase_merge"])
def test_a_project_that_always_squashes_gives_the_commit_that_brought_it(
    place: GitLabPlace, method: str
) -> None:
    place.project.settings.merge_method = method
    place.project.settings.squash_option = "always"
    head = place.open().head
    merged = place.merge(head)
    assert place.forge.published() == merged == place.project.head()
    assert not place.forge.contains(head, merged)
    assert next(iter(place.forge.revisions(merged))).proposal == FIRST


# -- Following ------------------------------------------------------------------------------


def test_fetching_publishes_nothing(place: GitLabPlace) -> None:
    before = place.forge.published()
    opened = place.open()
    tip = place.project.push("main", {"b.csv": b"y\n"}, by="maintainer")
    place.project.push("other", {"b.csv": b"z\n"}, start="main")
    fetched = place.forge.fetch()
    assert (fetched.tip, fetched.default_branch, fetched.branch) == (tip, "main", "main")
    assert fetched.heads == {FIRST: opened.head}
    assert place.forge.published() == before
    assert place.forge.read(tip, "b.csv") == b"y\n"
    place.forge.publish(tip)
    assert place.forge.published() == tip
    tracked = refs(place.mirror, "refs/remotes")
    assert set(tracked) == {"refs/remotes/gitlab/main", f"refs/remotes/gitlab/{BRANCH}"}
    assert is_sound(place.mirror)


def test_nothing_of_a_project_runs_or_is_written_but_objects_and_refs(place: GitLabPlace) -> None:
    before = (place.mirror / "config").read_text()
    place.merge(place.open().head)
    assert (place.mirror / "config").read_text() == before
    assert not (place.mirror / "FETCH_HEAD").exists()
    assert git(place.mirror, "for-each-ref", "refs/tags", "refs/merge-requests") == ""


@pytest.mark.fault(32)
def test_a_rewritten_history_is_fetched_and_may_be_published(place: GitLabPlace) -> None:
    before = place.forge.published()
    tip = place.project.rewrite("main", {"b.csv": b"new\n"})
    assert place.forge.fetch().tip == tip
    assert not place.forge.contains(before, tip)
    place.forge.publish(tip)
    assert place.forge.published() == tip
    assert place.forge.read(before, "b.csv") == b"x\n\n"


@pytest.mark.fault(33)
def test_a_default_branch_of_another_name_is_followed_unless_one_is_named(
    place: GitLabPlace, tmp_path: Path
) -> None:
    tip = place.forge.published()
    place.project.rename_default("trunk")
    fetched = place.forge.fetch()
    assert (fetched.tip, fetched.branch) == (tip, "trunk")
    place.forge.publish(tip)
    assert place.forge.published() == place.again().published() == tip
    assert set(refs(place.mirror, "refs/heads")) == {"refs/heads/trunk"}
    place.open()
    assert place.project.requests[1].target_branch == "trunk"
    fixed = make_forge(
        tmp_path / "fixed.git", place.gitlab, place.project, lambda: place.token, branch="main"
    )
    found = fixed.fetch()
    assert (found.tip, found.default_branch, found.branch) == (None, "trunk", "main")


def test_a_fetch_that_was_cut_leaves_nothing_on_the_disk(place: GitLabPlace) -> None:
    noise = random.Random(1).randbytes(600_000).hex().encode()
    tip = place.project.push("main", {"data/b.csv": noise}, by="maintainer")
    for _ in range(2):
        place.gitlab.fault(Fault(on="git-fetch", kind="truncated", after=1))
        with pytest.raises(ForgeUnavailable):
            place.forge.fetch()
    packs = place.mirror / "objects" / "pack"
    assert [one.name for one in packs.iterdir() if one.name.startswith("tmp")] == []
    assert place.forge.fetch().tip == tip


def test_a_branch_that_is_gone_there_is_forgotten_here(place: GitLabPlace) -> None:
    head = place.open().head
    place.forge.fetch()
    place.project.delete_branch(BRANCH, by="maintainer")
    assert place.forge.fetch().heads == {}
    with pytest.raises(NotFound):
        place.forge.resolve(BRANCH)
    assert place.forge.recall(1) == head
    assert place.forge.recall(77) is None


def test_a_mirror_is_made_without_a_network_and_says_that_it_was_not_read(
    place: GitLabPlace, tmp_path: Path
) -> None:
    place.gitlab.stop()
    forge = make_forge(tmp_path / "new.git", place.gitlab, place.project, lambda: place.token)
    with pytest.raises(ForgeUnavailable) as refused:
        forge.published()
    assert refused.value.reason == "forge_not_read_yet"
    assert not make_mirror(tmp_path / "new.git")
    place.gitlab.start()
    assert forge.fetch().tip == place.forge.published()


def test_names_of_branches_that_are_not_ours_are_left_alone(place: GitLabPlace) -> None:
    for name in (f"proposals/{DATASET}/notes", "proposals/other/" + FIRST, "x/y"):
        place.project.push(name, {"b.csv": b"1\n"}, start="main")
    assert place.forge.fetch().heads == {}


def test_merge_requests_tell_their_state_and_who_decided(place: GitLabPlace) -> None:
    start = datetime.now(UTC) - timedelta(minutes=1)
    first = place.open()
    second = place.open(SECOND, OTHER)
    place.project.note(2, "Why?", by="maintainer")
    place.project.merge(1, by="maintainer")
    place.project.close(2, by="maintainer")
    one, two = place.forge.requests(since=start)
    assert (one.proposal, one.state, one.head, one.target) == (FIRST, "merged", first.head, "main")
    assert (one.revision, one.by) == (place.project.head(), "maintainer")
    assert (two.proposal, two.state, two.by, two.notes) == (SECOND, "closed", "maintainer", 1)
    assert two.head == second.head
    assert one.at is not None
    assert one.at.tzinfo == UTC
    assert place.forge.request(1) == one
    assert list(place.forge.requests(since=datetime.now(UTC) + timedelta(hours=1))) == []


def test_more_merge_requests_than_a_page_holds_are_all_read(place: GitLabPlace) -> None:
    tip = place.forge.published()
    forge = place.again(deadlines=Deadlines())
    for number in range(101):
        place.project.repository.update(f"refs/heads/proposals/{DATASET}/{number:016x}", tip)
        fields = {"source_branch": f"proposals/{DATASET}/{number:016x}", "target_branch": "main"}
        forge.api.create({**fields, "title": "x"})
    assert len(list(forge.requests())) == 101
    assert len(place.gitlab.step_calls("mr-list")) == 2
    forge.repository.close()


def test_notes_are_those_of_people_in_plain_text(place: GitLabPlace) -> None:
    place.open()
    place.forge.say(1, "From the bot")
    place.project.note(1, "Hello\x1b[31m \u202ethere\r\nfriend" + "x" * 20_000, by="maintainer")
    place.project.note(1, "Between us", by="maintainer", internal=True)
    place.project.retitle(1, "Another title", by="maintainer")
    [note] = place.forge.notes(1)
    assert note.author == "maintainer"
    assert note.body.startswith("Hello[31m there\nfriend")
    assert len(note.body) == 10_000
    assert note.time.tzinfo is not None


def test_labels_are_added_and_taken_away(place: GitLabPlace) -> None:
    place.open()
    place.forge.label(1, add=("a", "b"))
    place.forge.label(1, add=("c",), remove=("a",))
    place.forge.label(1)
    assert sorted(place.project.requests[1].labels) == ["b", "c"]


def test_a_developer_decides_where_the_published_branch_lets_developers_merge(
    place: GitLabPlace,
) -> None:
    token = place.gitlab.token("developer", scopes=("api",))
    place.project.member("developer", 30)
    decides = []
    rules: tuple[dict[str, Any], ...] = (
        {"push": 0, "merge": 30},
        {"push": 0, "merge": 40},
        {"push": ["developer"]},
    )
    for rule in rules:
        place.project.protect("main", **rule)
        decides.append(place.forge.role(token).decides)
    place.project.unprotect("main")
    decides.append(place.forge.role(token).decides)
    assert decides == [True, False, True, True]
    place.project.member("developer", 20)
    assert not place.forge.role(token).decides


def test_roles_are_those_of_the_project(place: GitLabPlace) -> None:
    found = {}
    for name, level in (("maintainer", 40), ("developer", 30), ("reporter", 20), ("guest", 10)):
        place.project.member(name, level)
        role = place.forge.role(place.gitlab.token(name, scopes=("api",)))
        assert role.name == name
        found[name] = role.decides
    stranger = place.forge.role(place.gitlab.token("stranger", scopes=("api",)))
    assert not stranger.decides
    assert found == {
        "maintainer": True,
        "developer": False,
        "reporter": False,
        "guest": False,
    }
    with pytest.raises(NotSignedIn):
        place.forge.role("glpat-nothing")


# -- Re-making ------------------------------------------------------------------------------


def test_git_merges_alike_only_what_our_merge_gives(place: GitLabPlace) -> None:
    tip = place.forge.published()
    head = place.open().head
    alike = place.forge.merges_alike
    assert alike(published=tip, head=head, files={"data/a.csv": EDITED})
    assert not alike(published=tip, head=head, files={"data/a.csv": OTHER})
    far = place.project.push("main", {"b.csv": b"y\n"}, by="maintainer")
    near = place.project.push("main", {"data/a.csv": OTHER}, by="maintainer")
    place.forge.fetch()
    assert alike(published=far, head=head, files={"data/a.csv": EDITED})
    assert not alike(published=far, head=head, files={"data/a.csv": OTHER})
    both = EDITED.replace(b"01;", b"11;")
    assert not alike(published=near, head=head, files={"data/a.csv": both})


def test_a_proposal_is_re_made_once_and_never_over_the_work_of_others(place: GitLabPlace) -> None:
    head = place.open().head
    tip = place.project.push("main", {"data/a.csv": OTHER}, by="maintainer")
    place.forge.publish(str(place.forge.fetch().tip))
    both = {"data/a.csv": EDITED.replace(b"01;", b"11;")}

    def remake(replaces: str) -> str:
        return place.forge.remake(
            FIRST, replaces=replaces, parent=tip, files=both, message="Again", time=NOW
        )

    made = remake(head)
    assert place.branches == {f"refs/heads/{BRANCH}": made}
    assert remake(head) == made  # the answer to the first try was lost
    assert len(place.project.requests[1].versions) == 2
    theirs = place.project.push(BRANCH, {"data/a.csv": OTHER}, by="maintainer")
    with pytest.raises(HeadMoved):
        place.forge.remake(FIRST, replaces=made, parent=tip, files=both, message="Thrice", time=NOW)
    assert place.branches == {f"refs/heads/{BRANCH}": theirs}


# -- History --------------------------------------------------------------------------------


@pytest.mark.parametrize("template", [None, "%{title}"])
def test_a_merge_made_in_gitlab_s_own_pages_is_known_as_the_proposal_s(
    place: GitLabPlace, template: str | None
) -> None:
    place.open()
    place.project.settings.merge_commit_template = template
    place.project.merge(1, by="maintainer")
    tip = place.forge.fetch().tip
    assert tip is not None
    newest, *older = place.forge.revisions(tip)
    assert newest.proposal == FIRST
    assert [one.proposal for one in older] == [None, None]


def test_a_merge_of_a_branch_that_lost_its_trailer_is_known_by_its_subject(
    place: GitLabPlace,
) -> None:
    tip = place.forge.published()
    other = place.project.push(BRANCH, {"b.csv": b"y\n"}, start="main", message="By hand")
    place.open()
    place.project.merge(1, by="maintainer")
    place.project.push("topic", {"b.csv": b"z\n"}, start="main", message="Other work")
    tip = place.forge.fetch().tip or tip
    newest = next(iter(place.forge.revisions(tip)))
    assert (newest.parents[1], newest.proposal) == (other, FIRST)


# -- Pace -----------------------------------------------------------------------------------


def test_after_a_minute_s_worth_of_calls_at_once_they_come_evenly() -> None:
    now, slept = [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace(300, now=lambda: now[0], sleep=sleep)
    for _ in range(300):
        pace.wait()
    assert slept == []
    for _ in range(10):
        pace.wait()
    assert slept == pytest.approx([0.2] * 10)
