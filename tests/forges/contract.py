"""What every forge must do. An adapter's test module subclasses `ForgeContract`.

The subclass gives `place`: a forge for the dataset `centres`, on the branch `main` of a
repository filled by `seed`, the path of the bare repository where its refs can be seen, and who
may merge there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from retouche.core.edited import Edit, Edited
from retouche.core.errors import BadDataset, HeadMoved, NotFound
from retouche.ports import Forge, Opened, Reviewer
from tests.forges.plain_git import git, is_sound, refs

DATASET = "centres"
FIRST = "00000000000000a1"
SECOND = "00000000000000a2"
NOW = datetime(2024, 8, 1, 12, 0, 0, tzinfo=UTC)
CSV = b'\xef\xbb\xbfid;name\r\n01;\xc3\x89loi\r\n02;"a\nb"\r\n03;c'
EDITED = CSV.replace(b"02;", b"22;")
SEED = b"""\
commit refs/heads/main
author B <b@example.org> 1690000000 +0200
committer B <b@example.org> 1690000000 +0200
data 5
First
M 100644 inline data/a.csv
data %d
%s
M 100755 inline b.csv
data 3
x

M 100644 inline schemas/s.json
data 2
{}
M 100644 inline datapackage.json
data 2
{}
M 100644 inline .gitlab-ci.yml
data 2
{}
M 120000 inline link.csv
data 10
data/a.csv
M 120000 inline folder-link
data 4
data
M 160000 0123456789012345678901234567890123456789 module

commit refs/heads/main
author B <b@example.org> 1690000100 +0200
committer B <b@example.org> 1690000100 +0200
data 18
Second

in detail

M 100644 inline schemas/s.json
data 3
{ }
""" % (len(CSV), CSV)
NOT_REVISIONS = [
    "-x",
    "--upload-pack=x",
    "--output=x",
    "a..b",
    "x.lock",
    "@{-1}",
    "@",
    "HEAD",
    "main~1",
    "main^{tree}",
    "main:b.csv",
    ":/First",
    "refs/heads/main",
    "refs/heads/../../x",
    "../main",
    "heads/main",
    "main/",
    "main\n",
    "a\nb",
    "a\0b",
    "a" * 256,
    "0" * 40,
    "A" * 40,
    "\ud800",
    "é",
    "",
    ".",
]
NOT_FILES = [
    "link.csv",
    "folder-link/a.csv",
    "module",
    "module/a.csv",
    "data",
    "data/missing.csv",
    "missing/a.csv",
    "b.csv/a.csv",
    "/b.csv",
    "./b.csv",
    "data/../b.csv",
    "../b.csv",
    "b.csv/",
    "",
    ".git/config",
    "a\nb",
    "a\0b",
    "\udcff",
]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A forge under test, and the repository behind it."""

    forge: Forge
    repository: Path
    reviewer: Reviewer | None = None

    @property
    def path(self) -> Path:
        return self.repository

    @property
    def branches(self) -> dict[str, str]:
        return refs(self.path, "refs/heads/proposals")

    @property
    def merge_requests(self) -> dict[str, str]:
        return refs(self.path, "refs/merge-requests")

    def open(
        self, proposal: str = FIRST, data: bytes | Edited = EDITED, parent: str | None = None
    ) -> Opened:
        return self.forge.open(
            proposal,
            parent=parent or self.forge.published(),
            files={"data/a.csv": data},
            message=f"Correct a row\n\nProposal: {proposal}\n",
            time=NOW,
        )

    def merge(
        self,
        head: str,
        proposal: str = FIRST,
        published: str | None = None,
        data: bytes | Edited = EDITED,
        prepared: list[str] | None = None,
    ) -> str:
        return self.forge.merge(
            proposal,
            published=published or self.forge.published(),
            head=head,
            files={"data/a.csv": data},
            message=f"Accept merge request 1\n\nProposal: {proposal}\n",
            time=NOW + timedelta(hours=1),
            prepared=(prepared if prepared is not None else []).append,
            reviewer=self.reviewer,
        )


def seed(path: Path) -> Path:
    """Make the bare repository that every forge starts from."""
    path.mkdir(parents=True)
    git(path, "init", "--quiet", "--bare", "--initial-branch=main")
    git(path, "fast-import", "--quiet", data=SEED)
    return path


class ForgeContract:
    """The tests."""

    # -- Reading ----------------------------------------------------------------------------

    def test_published_is_the_tip_of_the_branch(self, place: Place) -> None:
        assert place.forge.published() == git(place.path, "rev-parse", "refs/heads/main")

    def test_files_are_read_byte_for_byte(self, place: Place) -> None:
        tip = place.forge.published()
        assert place.forge.read(tip, "data/a.csv") == CSV
        assert place.forge.read(tip, "b.csv") == b"x\n\n"
        assert place.forge.blob(tip, "b.csv") == git(place.path, "rev-parse", "main:b.csv")

    def test_files_of_a_folder_are_listed_without_links_modules_and_folders(
        self, place: Place
    ) -> None:
        tip = place.forge.published()
        assert place.forge.files(tip) == [".gitlab-ci.yml", "b.csv", "datapackage.json"]
        assert place.forge.files(tip, "schemas") == ["schemas/s.json"]
        for folder in ("missing", "b.csv", "folder-link", "module"):
            assert place.forge.files(tip, folder) == []

    @pytest.mark.parametrize("path", NOT_FILES)
    def test_reading_what_is_not_a_regular_file_is_not_found(self, place: Place, path: str) -> None:
        with pytest.raises(NotFound):
            place.forge.read(place.forge.published(), path)
        with pytest.raises(NotFound):
            place.forge.blob(place.forge.published(), path)

    def test_an_id_that_is_not_of_a_commit_is_not_found(self, place: Place) -> None:
        blob = place.forge.blob(place.forge.published(), "b.csv")
        tree = git(place.path, "rev-parse", "main^{tree}")
        for one in (blob, tree, "0" * 40, "main", "HEAD", "--help", "a\nb"):
            with pytest.raises(NotFound):
                place.forge.read(one, "b.csv")
            with pytest.raises(NotFound):
                place.forge.files(one)
            with pytest.raises(NotFound):
                place.forge.contains(one, place.forge.published())
        for one in (blob, tree):
            with pytest.raises(NotFound):
                place.forge.resolve(one)

    def test_a_commit_id_and_a_branch_resolve(self, place: Place) -> None:
        tip = place.forge.published()
        opened = place.open()
        assert place.forge.resolve(tip) == tip
        assert place.forge.resolve("main") == tip
        assert place.forge.resolve(opened.head) == opened.head
        assert place.forge.resolve(f"proposals/{DATASET}/{FIRST}") == opened.head

    @pytest.mark.parametrize("revision", NOT_REVISIONS)
    def test_nothing_else_that_git_understands_resolves(self, place: Place, revision: str) -> None:
        before = refs(place.path)
        with pytest.raises(NotFound) as refused:
            place.forge.resolve(revision)
        assert refused.value.reason == "unknown_revision"
        assert refs(place.path) == before
        assert is_sound(place.path)

    def test_revisions_follow_first_parents_newest_first(self, place: Place) -> None:
        before = place.forge.published()
        merged = place.merge(place.open().head)
        newest, second, first = place.forge.revisions(merged)
        assert [newest.id, second.id] == [merged, before]
        assert newest.proposal == FIRST
        assert newest.time.tzinfo == UTC
        assert second.message == "Second\n\nin detail\n"
        assert second.time == datetime.fromtimestamp(1690000100, UTC)
        assert (second.proposal, first.parents) == (None, ())
        assert [one.id for one in place.forge.revisions(merged, stop=first.id)] == [
            merged,
            before,
        ]

    def test_contains_tells_what_is_in_the_history(self, place: Place) -> None:
        tip = place.forge.published()
        head = place.open().head
        assert place.forge.contains(tip, head)
        assert place.forge.contains(tip, tip)
        assert not place.forge.contains(head, tip)

    # -- Opening ----------------------------------------------------------------------------

    def test_a_proposal_is_a_branch_with_one_commit_and_a_merge_request(self, place: Place) -> None:
        tip = place.forge.published()
        opened = place.open()
        assert place.branches == {f"refs/heads/proposals/{DATASET}/{FIRST}": opened.head}
        assert place.merge_requests == {"refs/merge-requests/1/head": opened.head}
        assert opened.merge_request.number == 1
        assert git(place.path, "rev-list", "--parents", "-1", opened.head) == (
            f"{opened.head} {tip}"
        )
        assert git(place.path, "diff", "--numstat", tip, opened.head) == "1\t1\tdata/a.csv"
        assert place.forge.read(opened.head, "data/a.csv") == EDITED
        assert place.forge.published() == tip
        assert is_sound(place.path)

    def test_a_file_may_be_given_as_edits_of_the_one_there(self, place: Place) -> None:
        tip = place.forge.published()
        before = place.forge.blob(tip, "data/a.csv")
        at = CSV.index(b"02;")
        content = Edited(CSV, before, (Edit(at, at + 2, b"22"),))
        whole = place.open(SECOND)
        opened = place.open(FIRST, content)
        assert place.forge.read(opened.head, "data/a.csv") == EDITED
        assert place.forge.blob(opened.head, "data/a.csv") == content.id
        assert place.forge.blob(whole.head, "data/a.csv") == content.id
        assert place.open(FIRST, content) == opened
        merged = place.merge(opened.head, data=content)
        assert place.forge.read(merged, "data/a.csv") == EDITED
        assert place.forge.published() == merged
        assert is_sound(place.path)

    def test_edits_between_two_blobs_make_one_of_the_other_when_they_are_told(
        self, place: Place
    ) -> None:
        tip = place.forge.published()
        before = place.forge.blob(tip, "data/a.csv")
        content = Edited(CSV, before, (Edit(0, 3, b""),))
        after = place.forge.blob(place.open(FIRST, content).head, "data/a.csv")
        assert place.forge.edits(before, before) == ()
        assert place.forge.edits(before, after) in (None, content.edits)
        assert place.forge.edits(before, "0" * 40) is None

    def test_modes_and_all_other_entries_stay(self, place: Place) -> None:
        tip = place.forge.published()
        opened = place.forge.open(FIRST, parent=tip, files={"b.csv": b"y\n"}, message="x", time=NOW)
        changed = git(place.path, "diff-tree", "-r", tip, opened.head)
        assert changed.startswith(":100755 100755 ")
        assert changed.endswith("\tb.csv")

    def test_opening_again_adopts_what_exists(self, place: Place) -> None:
        opened = place.open()
        before = refs(place.path)
        assert place.open() == opened
        assert refs(place.path) == before

    def test_opening_again_with_other_data_keeps_the_first(self, place: Place) -> None:
        opened = place.open()
        assert place.open(data=CSV + b"\r\n") == opened
        assert len(place.merge_requests) == 1

    def test_opening_again_what_was_closed_or_merged_makes_no_second_merge_request(
        self, place: Place
    ) -> None:
        tip = place.forge.published()
        opened = place.open()
        place.forge.close(FIRST)
        assert place.open(parent=tip) == opened
        other = place.open(SECOND, data=CSV.replace(b"01;", b"11;"))
        place.merge(other.head, SECOND, data=CSV.replace(b"01;", b"11;"))
        assert place.open(SECOND, data=CSV.replace(b"01;", b"11;"), parent=tip) == other
        assert len(place.merge_requests) == 2

    def test_merge_requests_are_numbered_one_two_three(self, place: Place) -> None:
        numbers = [
            place.open(f"{one:016x}", CSV + b"%d" % one).merge_request.number for one in range(3)
        ]
        assert numbers == [1, 2, 3]

    def test_two_proposals_of_the_same_edit_have_their_own_commits(self, place: Place) -> None:
        first, second = place.open(), place.open(SECOND)
        assert first.head != second.head
        assert first.merge_request != second.merge_request

    @pytest.mark.parametrize("path", [*NOT_FILES, ".gitlab-ci.yml", "new.csv"])
    def test_only_a_regular_file_that_is_there_can_be_changed(
        self, place: Place, path: str
    ) -> None:
        before = refs(place.path)
        with pytest.raises(BadDataset):
            place.forge.open(
                FIRST, parent=place.forge.published(), files={path: b"x"}, message="x", time=NOW
            )
        assert refs(place.path) == before

    def test_a_proposal_on_an_unknown_parent_is_not_found(self, place: Place) -> None:
        for parent in ("0" * 40, "main", "-x"):
            with pytest.raises(NotFound):
                place.open(parent=parent)
        assert place.branches == {}

    @pytest.mark.parametrize("proposal", ["", "x", "../main", "A" * 16, "0" * 15 + "\n", "-x"])
    def test_an_id_that_cannot_be_a_branch_is_refused(self, place: Place, proposal: str) -> None:
        before = refs(place.path)
        with pytest.raises(BadDataset):
            place.open(proposal)
        with pytest.raises(BadDataset):
            place.forge.close(proposal)
        with pytest.raises(BadDataset):
            place.merge(place.forge.published(), proposal)
        assert refs(place.path) == before

    # -- Deciding ---------------------------------------------------------------------------

    def test_a_merge_publishes_the_files_and_keeps_both_histories(self, place: Place) -> None:
        before = place.forge.published()
        head = place.open().head
        merged = place.merge(head)
        assert place.forge.published() == merged
        assert git(place.path, "rev-list", "--parents", "-1", merged) == (
            f"{merged} {before} {head}"
        )
        assert place.forge.read(merged, "data/a.csv") == EDITED
        assert git(place.path, "diff", "--numstat", before, merged) == "1\t1\tdata/a.csv"
        assert place.branches == {}
        assert place.merge_requests == {"refs/merge-requests/1/head": head}
        assert is_sound(place.path)

    def test_the_merge_is_told_before_the_branch_moves(self, place: Place) -> None:
        before = place.forge.published()
        told: list[tuple[str, str]] = []
        head = place.open().head
        merged = place.forge.merge(
            FIRST,
            published=before,
            head=head,
            files={"data/a.csv": EDITED},
            message="Accept",
            time=NOW,
            prepared=lambda commit: told.append((commit, place.forge.published())),
            reviewer=place.reviewer,
        )
        [(commit, then)] = told
        assert then == before
        # Whoever finds what was told in the published history knows that it was merged.
        assert not place.forge.contains(commit, before)
        assert place.forge.contains(commit, merged)

    def test_a_caller_that_fails_when_told_stops_the_merge(self, place: Place) -> None:
        before = place.forge.published()
        head = place.open().head

        def fail(commit: str) -> None:
            raise LookupError(commit)

        with pytest.raises(LookupError):
            place.forge.merge(
                FIRST,
                published=before,
                head=head,
                files={"data/a.csv": EDITED},
                message="Accept",
                time=NOW,
                prepared=fail,
                reviewer=place.reviewer,
            )
        assert place.forge.published() == before
        assert git(place.path, "rev-parse", "refs/heads/main") == before
        assert len(place.branches) == 1

    def test_a_merge_onto_what_is_no_longer_published_is_refused(self, place: Place) -> None:
        before = place.forge.published()
        first = place.open()
        second = place.open(SECOND, CSV.replace(b"01;", b"11;"))
        merged = place.merge(first.head)
        told: list[str] = []
        with pytest.raises(HeadMoved):
            place.merge(
                second.head,
                SECOND,
                published=before,
                data=CSV.replace(b"01;", b"11;"),
                prepared=told,
            )
        assert told == []
        assert place.forge.published() == merged
        assert list(place.branches.values()) == [second.head]

    def test_a_branch_that_moves_while_the_caller_is_told_is_not_overwritten(
        self, place: Place
    ) -> None:
        before = place.forge.published()
        first = place.open()
        second = place.open(SECOND, CSV.replace(b"01;", b"11;"))

        def accept_the_first(commit: str) -> None:
            place.merge(first.head)

        with pytest.raises(HeadMoved):
            place.forge.merge(
                SECOND,
                published=before,
                head=second.head,
                files={"data/a.csv": CSV.replace(b"01;", b"11;")},
                message="Accept",
                time=NOW,
                prepared=accept_the_first,
                reviewer=place.reviewer,
            )
        assert place.forge.read(place.forge.published(), "data/a.csv") == EDITED
        assert list(place.branches.values()) == [second.head]

    def test_a_merge_may_be_repeated(self, place: Place) -> None:
        before = place.forge.published()
        head = place.open().head
        merged = place.merge(head, published=before)
        assert place.merge(head, published=before) == merged
        assert place.forge.published() == merged

    def test_a_part_of_a_proposal_is_merged_by_a_commit_of_its_own(self, place: Place) -> None:
        before = place.forge.published()
        opened = place.open(data=EDITED.replace(b"01;", b"11;"))
        part = place.forge.commit(
            parent=before, files={"data/a.csv": EDITED}, message="Part", time=NOW
        )
        assert part not in refs(place.path).values()
        merged = place.merge(part)
        assert place.forge.contains(part, merged)
        assert not place.forge.contains(opened.head, merged)
        assert place.forge.read(opened.head, "data/a.csv") != EDITED
        assert place.branches == {}

    def test_a_merge_of_an_unknown_head_is_not_found(self, place: Place) -> None:
        with pytest.raises(NotFound):
            place.merge("0" * 40)

    def test_closing_removes_the_branch_and_keeps_the_commit(self, place: Place) -> None:
        head = place.open().head
        place.forge.close(FIRST)
        assert place.branches == {}
        assert place.merge_requests == {"refs/merge-requests/1/head": head}
        assert place.forge.read(head, "data/a.csv") == EDITED

    def test_closing_may_be_repeated(self, place: Place) -> None:
        place.forge.close(SECOND)
        place.open()
        place.forge.close(FIRST)
        place.forge.close(FIRST)
        assert place.branches == {}
