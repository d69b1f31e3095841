"""Hostile texts on their whole way to GitLab: through our texts, python-gitlab and the double,
which does with quick actions, closing words and mentions what GitLab does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retouche.core.report import CellConflict
from retouche.services.requesting.text import conflict_note
from tests.datasets import update, write_desks
from tests.forges.contract import DATASET, EDITED, NOW, seed
from tests.forges.gitlab_places import GitLabPlace, make_place
from tests.gitlab_double import GitLab
from tests.gitlab_double.quick_actions import extract
from tests.gitlab_double.references import closed_issues, mentions, references
from tests.hostile import HOSTILE, JOINER
from tests.services.written_requests import dataset, folder_files, with_json, written

SENT = {name: text.replace("\ud800", "") for name, text in HOSTILE.items()}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitLabPlace]:
    folder = tmp_path_factory.mktemp("texts")
    with GitLab() as gitlab:
        place = make_place(folder, gitlab, seed(folder / "seed.git"))
        yield place
        place.forge.repository.close()


@pytest.mark.parametrize(("number", "text"), list(enumerate(SENT.values(), 1)), ids=SENT)
def test_nothing_happens_at_gitlab(
    place: GitLabPlace, number: int, text: str, tmp_path: Path
) -> None:
    files = folder_files(write_desks(tmp_path / "source"))

    def everywhere(package: dict[str, object]) -> None:
        package["title"] = text
        resource = package["resources"][0]  # type: ignore[index]
        resource["title"] = text
        resource["schema"]["fields"][-1]["title"] = text

    revision = dataset(with_json(files, "datapackage.json", everywhere), tmp_path / "cache")
    sent = written(revision, update("01", note=text, name=f"{text} {text}"), locale="fr")
    proposal = f"{number:016x}"
    opened = place.forge.open(
        proposal,
        parent=place.forge.published(),
        files={"data/a.csv": EDITED},
        message="Correct a row\n",
        time=NOW,
        text=sent,
    )
    conflict = CellConflict(
        resource="desks", row_key=(text,), field="note", base=text, ours="a", theirs=text
    )
    note = conflict_note([conflict], revision.package, locale="fr", url="")
    place.forge.say(opened.merge_request.number, note)
    request = place.project.requests[opened.merge_request.number]
    assert (request.state, request.target_branch) == ("opened", "main")
    assert request.source_branch == f"proposals/{DATASET}/{proposal}"
    assert request.description == sent.description.rstrip("\n")
    assert request.title == (f"Draft: {sent.title}" if sent.draft else sent.title).strip()
    assert request.draft == sent.draft
    assert sorted(request.labels) == sorted(sent.labels)
    assert (request.assignees, request.closes, request.commands) == ([], [], [])
    assert [one.body.rstrip("\n") for one in request.comments] == [note.rstrip("\n")]
    assert place.project.mentioned == []
    for one in (request.title, request.description, note):
        assert extract(one)[1] == []
        assert (closed_issues(one), mentions(one)) == ([], [])
        # A label or milestone may be called anything, but none begins with this character.
        assert [name for name in references(one) if name[1:2] != JOINER] == []


def test_the_double_would_have_done_it(place: GitLabPlace) -> None:
    """The texts just as they are do act there: the test above can see."""
    raw = [*SENT.values()]
    assert any(extract(one)[1] for one in raw)
    assert any(closed_issues(one) for one in raw)
    assert any(mentions(one) for one in raw)
    assert any(references(one) for one in raw)
