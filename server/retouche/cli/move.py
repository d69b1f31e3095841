"""`retouche move DATASET --to URL`: an embedded dataset becomes one of a GitLab project.

Everything is made there first; then the home remembers where the dataset lives, in one step.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from retouche.cli.doctor import said
from retouche.cli.home import Home, Imported, read_settings
from retouche.cli.serve import TOML
from retouche.cli.terminal import (
    Command,
    Refusal,
    explained,
    home_option,
    locale,
    note,
    patience,
    progress,
    say,
    spoken,
)
from retouche.cli.wording import sentence
from retouche.configuration import BadConfiguration, served_of
from retouche.connection import Connection
from retouche.core.errors import (
    BadDataset,
    ForgeRefused,
    ForgeUnavailable,
    HeadMoved,
)
from retouche.forges.gitlab.forge import GitLabForge
from retouche.forges.gitlab.inspector import GitLabInspector
from retouche.forges.gitlab.transfer import Standing, Transfer
from retouche.remote import Remote, toml_lines
from retouche.services.datasets import Dataset
from retouche.services.setup.examination import Examined, essentials
from retouche.settings import Settings
from retouche.wiring import Services, build, recover


@click.command(
    "move",
    cls=Command,
    codes="0 moved (or, with --dry-run, could be), 2 could not run; run it again to go on.",
    refuses=(
        "bad_record", "bad_setting", "home_in_use", "move_interrupted", "move_not_ready",
        "move_other_history", "move_push_refused", "move_unfinished_decisions",
        "moved_elsewhere", "no_such_dataset", "secret_missing", *TOML,
    ),
)  # fmt: skip
@click.argument("dataset")
@home_option
@click.option("--to", "address", required=True, metavar="URL", help="Where people clone it from.")
@click.option("--project", metavar="PATH|NUMBER", help="For a GitLab below a path of its host.")
@click.option("--token-env", metavar="NAME", help="Variable that holds the bot's token.")
@click.option("--token-file", metavar="FILE", help="File that holds the bot's token.")
@click.option("--branch", metavar="NAME", help="Published branch there; default: as it is here.")
@click.option("--dry-run", is_flag=True, help="Only look, and say what would be done.")
def command(
    dataset: str,
    home: Path,
    address: str,
    project: str | None,
    token_env: str | None,
    token_file: str | None,
    branch: str | None,
    dry_run: bool,
) -> None:
    """Move the embedded dataset DATASET to the GitLab project at URL.

    The project is empty, or holds the beginning of the same history. History and open proposals
    go along: each becomes a merge request there. Stop the server first. Whatever stops this, run
    it again and it goes on. The published branch is pushed with the token of
    RETOUCHE_REVIEWER_TOKEN where that is set: the bot should not be allowed to.
    """
    asked = {
        **{"name": dataset, "forge": "gitlab", "repository": address, "project": project},
        **{"token_env": token_env, "token_file": token_file, "branch": branch},
    }
    entry = {key: value for key, value in asked.items() if value is not None}
    try:
        remote = served_of(entry, Path("retouche.toml").absolute()).remote
    except BadConfiguration as error:  # no file has these values: they are options
        raise Refusal(error.reason, **{**error.values, "path": "retouche move"}) from error
    assert remote is not None  # its forge is GitLab
    if remote.token.found() is None:
        raise Refusal("secret_missing", place=remote.token.place, name=dataset)
    place = Home(home)
    known = place.knows(dataset)
    if known is None:
        raise Refusal("no_such_dataset", name=dataset, known=", ".join(place.datasets()) or "-")
    with ExitStack() as held:
        if not held.enter_context(place.alone()):
            raise Refusal("home_in_use", home=home)
        try:
            Move(place, dataset, known, remote, read_settings(home)).run(dry=dry_run)
        except ForgeUnavailable as error:
            raise Refusal("move_interrupted", name=dataset, detail=explained(error)) from error


@dataclass(slots=True)
class Move:
    """One move, from looking to the last line."""

    home: Home
    name: str
    known: Imported
    remote: Remote
    settings: Settings

    def run(self, *, dry: bool) -> None:
        """Raises `ForgeUnavailable`, after which all of it may be done again."""
        if self.known.remote is None:
            self._finish_decisions()
        elif self.known.source != self.remote.repository:
            raise Refusal("moved_elsewhere", name=self.name, source=self.known.source)
        # Commits are made as they were made here, so that they are the same ones.
        connection = replace(
            self.remote.connection(), branch=self.remote.branch or self.known.branch
        )
        services = build(self.settings, {self.name: connection})
        try:
            dataset = services.catalogue.get(self.name)
            forge = dataset.forge
            assert isinstance(forge, GitLabForge)  # it was built over a project
            self._check(forge, connection)
            transfer = self._transfer(forge, connection)
            commit = dataset.forge.resolve(self.known.branch)
            standing = self._standing(transfer, commit)
            if dry:
                self._foretell(services, standing)
                return
            with services.locks.hold(self.name):
                self._push(transfer, commit, standing)
                self._carry(services, dataset, transfer)
        finally:
            services.close()
        self._tell()

    def _finish_decisions(self) -> None:
        services = build(self.settings, {self.name: self.known.branch})
        try:
            unfinished = recover(services)
        finally:
            services.close()
        if unfinished:
            raise Refusal("move_unfinished_decisions", names="; ".join(unfinished))

    def _check(self, forge: GitLabForge, connection: Connection) -> None:
        examined = Examined(
            dataset=self.name,
            connection=connection,
            base_url=self.settings.base_url,
            today=datetime.now(UTC).date(),
            bot=GitLabInspector(forge.api),
        )
        with patience("looking", name=self.name):
            faults = [one for one in essentials(examined) if one.level == "error"]
        if faults:
            what, do = said(faults[0])
            raise Refusal("move_not_ready", what=spoken(what), do=spoken(do))

    def _transfer(self, forge: GitLabForge, connection: Connection) -> Transfer:
        own = self.settings.reviewer_token
        return Transfer(
            forge.repository,
            connection,
            branch=connection.branch or self.known.branch,
            token=(lambda: own) if own else connection.token,
        )

    def _standing(self, transfer: Transfer, commit: str) -> Standing:
        try:
            with patience("looking", name=self.name):
                return transfer.standing(commit)
        except BadDataset as error:
            if error.reason != "other_history":
                raise
            raise Refusal(
                "move_other_history", repository=self.remote.repository, **error.values
            ) from error

    def _foretell(self, services: Services, standing: Standing) -> None:
        waiting = services.moving.open(self.name)
        key = "move_would_not_push" if standing.is_pushed else "move_would_push"
        branch = self.remote.branch or self.known.branch
        say(sentence(key, locale(), branch=branch, repository=self.remote.repository))
        say(sentence("move_would_open", locale(), count=len(waiting)))

    def _push(self, transfer: Transfer, commit: str, standing: Standing) -> None:
        if standing.is_pushed:
            return
        try:
            with patience("pushing", name=self.name):
                transfer.push(commit, standing)
        except HeadMoved as error:
            raise Refusal(
                "move_other_history",
                repository=self.remote.repository,
                branch=self.remote.branch or self.known.branch,
            ) from error
        except ForgeRefused as error:
            raise Refusal(
                "move_push_refused",
                branch=self.remote.branch or self.known.branch,
                detail=error.values.get("detail") or explained(error),
            ) from error

    def _carry(self, services: Services, dataset: Dataset, transfer: Transfer) -> None:
        waiting = services.moving.open(self.name)
        with progress("moving", name=self.name) as step:
            made = services.moving.carry(dataset, waiting, told=step)
        assert dataset.remote is not None  # it was built over a project
        dataset.remote.fetch()
        if self.remote.branch not in (None, self.known.branch):
            dataset.remote.publish(dataset.forge.resolve(self.known.branch))
        if self.remote.branch is None and transfer.default_branch() != self.known.branch:
            self.remote = replace(self.remote, branch=self.known.branch)
        # From here on nothing can fail but this machine; the first step decides.
        self.home.remember_project(self.name, self.remote)
        services.moving.repoint(waiting, made)

    def _tell(self) -> None:
        note("moved", name=self.name, repository=self.remote.repository)
        for line in toml_lines(self.name, self.remote.entry()):
            say(line)
        note("moved_next")
