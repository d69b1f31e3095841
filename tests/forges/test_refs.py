"""Names of datasets as parts of names of refs and locks: git takes them, and none is another's."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.errors import BadDataset
from retouche.core.package import DATASET, SLUG
from retouche.forges.refs import BRANCH, PROPOSAL, TRACKED, Ref, proposal_ref, tracked_ref
from retouche.services.packaging import slug
from tests.datasets import Browser, serve, update, write_desks

ID = "0123456789abcdef"
near = st.text(alphabet="ab09._-~/lock\n{}@^:?*[\\ é", max_size=12)
likely = st.lists(
    st.sampled_from(["a", "9", ".", "..", "-", "_", ".lock", "lock", "/", "x.courier", "@{", "\0"]),
    max_size=7,
).map("".join)
names = st.one_of(near, likely, st.text(max_size=20))


@pytest.mark.attack("ref-destroys")
@settings(max_examples=300)
@given(names)
def test_a_name_is_refused_or_its_ref_is_one_that_git_takes(name: str) -> None:
    try:
        ref = proposal_ref(name, ID)
    except BadDataset:
        return
    assert DATASET.fullmatch(name)
    assert PROPOSAL.fullmatch(ref.name)
    assert not BRANCH.fullmatch(ref.name)
    assert ref.name.split("/") == ["refs", "heads", "proposals", name, ID]
    assert TRACKED.fullmatch(tracked_ref(ref).name)
    taken = subprocess.run(["git", "check-ref-format", ref.name], check=False)
    assert taken.returncode == 0


@given(names)
def test_every_slug_is_a_name_but_those_that_git_keeps_for_itself(name: str) -> None:
    kept = ".." in name or name.endswith((".", ".lock"))
    assert bool(DATASET.fullmatch(name)) == bool(SLUG.fullmatch(name) and not kept)
    assert "~" not in name or not DATASET.fullmatch(name)


@given(names)
def test_the_name_that_is_made_of_a_files_can_be_served(name: str) -> None:
    assert DATASET.fullmatch(slug(name))


@pytest.mark.attack("ref-clash")
@pytest.mark.parametrize("name", ["a..b", "a.", "a.lock", ".a", "a/b", "-a", "a b", "", "a" * 64])
def test_names_that_could_escape_or_harm_are_refused(name: str) -> None:
    with pytest.raises(BadDataset):
        Ref(f"refs/heads/proposals/{name}/{ID}")


@pytest.mark.parametrize("name", ["my_desks", "desks.2025", "desks.courier", "desks.git", "a--_b"])
def test_a_dataset_of_any_name_takes_a_proposal_and_publishes_it(tmp_path: Path, name: str) -> None:
    package = write_desks(tmp_path / "package")
    browser = Browser(serve(tmp_path / "home", {name: package, "desks": package}), name)
    sent = browser.propose(update("03", agents="7"))
    assert (sent.status_code, sent.json["state"]) == (201, "open")
    done = browser.accept(sent.json)
    assert done.json["state"] == "accepted"
    assert browser.services.proposals.counts(browser.services.catalogue.get("desks")) == {}
