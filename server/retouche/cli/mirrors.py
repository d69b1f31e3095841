"""The mirror of a GitLab project in a home: made once, and looked at again at every start."""

from __future__ import annotations

import shutil
from contextlib import suppress

from retouche.cli.home import Home, read_settings
from retouche.cli.terminal import Refusal, explained, located, note, patience
from retouche.core.errors import (
    BadDataset,
    ForgeUnavailable,
    NotFound,
    RetoucheError,
    UnreadableFile,
)
from retouche.core.package import DESCRIPTOR
from retouche.forges.repository import BareRepository
from retouche.remote import Remote
from retouche.services.datasets import Dataset
from retouche.services.following.tips import check_tip
from retouche.wiring import Services, build, repository_path

GLANCE = 3.0
"""Seconds that a start waits for a GitLab that is mirrored already."""


def bring_project(home: Home, name: str, remote: Remote) -> None:
    """Mirror a project that the home does not hold yet; remember what is configured of it now.

    Nothing is kept of a project that cannot be reached, or whose data cannot be served. Raises
    `Refusal`, and `RetoucheError` for what is wrong with the data.
    """
    held = home.holds(name)
    if held:
        _check_known(home, name, remote)
    home.remember_project(name, remote)
    services = build(read_settings(home.path), {name: remote.connection()})
    dataset = services.catalogue.get(name)
    try:
        if is_published(dataset):
            if not _is_whole(dataset):
                services.close()
                _mirror_anew(home, name, remote)
        else:
            _publish_first(dataset, remote)
            if not home.serves(name):
                raise Refusal(
                    "not_published",
                    repository=remote.repository,
                    name=name,
                    branch=dataset.branch,
                )
        if services.moving.unmoved(name):
            raise Refusal("move_unfinished", name=name)
    except BaseException:
        if not held:
            home.forget(name)
        raise
    finally:
        services.close()


def is_published(dataset: Dataset) -> bool:
    """Whether a version of a project is in the mirror to be served."""
    try:
        return bool(dataset.forge.published())
    except RetoucheError:
        return False


def _is_whole(dataset: Dataset) -> bool:
    """Whether what is published can be read from the mirror itself, whatever else is kept of it."""
    forge = dataset.forge
    try:
        commit = forge.resolve(forge.published())
        forge.read(commit, DESCRIPTOR)
        for one in dataset.at(commit).package.resources.values():
            with suppress(NotFound):  # it is not there at all
                forge.read(commit, one.path)
    except (ForgeUnavailable, NotFound):
        return False
    except RetoucheError:
        return True  # it is wrong, and read as it is
    return True


def _mirror_anew(home: Home, name: str, remote: Remote) -> None:
    """Copy a project again whose mirror is damaged; nothing is in a mirror alone. While that
    cannot be done, the damaged one stays, and what is kept of it is served."""
    path = repository_path(home.path, name)
    aside = path.with_name(f"{path.name}.damaged")
    shutil.rmtree(aside, ignore_errors=True)
    path.rename(aside)
    home.remember_project(name, remote)
    services = build(read_settings(home.path), {name: remote.connection()})
    try:
        _publish_first(services.catalogue.get(name), remote)
    except Refusal:
        shutil.rmtree(path)
        aside.rename(path)
        note("mirror_damaged", name=name)
    else:
        shutil.rmtree(aside, ignore_errors=True)
    finally:
        services.close()


def glance(services: Services) -> None:
    """Say which projects cannot be reached: what was published last is served. Not for long."""
    for name, connection in services.connections.items():
        # It brings what speaks to GitLab, which a server without such datasets does not need.
        from retouche.forges.gitlab.limits import Deadlines
        from retouche.forges.gitlab.mirror import Mirror

        repository = BareRepository(repository_path(services.settings.home, name))
        deadlines = Deadlines(refs=GLANCE)
        mirror = Mirror(repository, connection.clone_url, connection.token, deadlines=deadlines)
        try:
            mirror.look("HEAD")
        except ForgeUnavailable as error:
            note("served_from_mirror", name=name, detail=explained(error))


def _check_known(home: Home, name: str, remote: Remote) -> None:
    known = home.knows(name)
    if known is None or known.remote is None:
        source = known.source if known else "?"
        raise Refusal("lives_here", home=home.path, name=name, source=source)
    if known.source != remote.repository:
        raise Refusal("dataset_taken", home=home.path, name=name, source=known.source)


def _publish_first(dataset: Dataset, remote: Remote) -> None:
    forge = dataset.remote
    assert forge is not None  # it was built over a project
    with patience("mirroring", name=dataset.name):
        try:
            fetched = forge.fetch()
        except ForgeUnavailable as error:
            raise Refusal(
                "gitlab_unreachable",
                repository=remote.repository,
                name=dataset.name,
                detail=explained(error),
            ) from error
        if fetched.tip is None:
            branch = remote.branch or fetched.default_branch or "main"
            raise Refusal(
                "not_published", repository=remote.repository, name=dataset.name, branch=branch
            )
        try:
            check_tip(dataset, fetched.tip, published=None)
        except (BadDataset, UnreadableFile) as error:
            raise Refusal(
                "not_servable",
                repository=remote.repository,
                name=dataset.name,
                detail=located(error),
            ) from error
        forge.publish(fetched.tip)
