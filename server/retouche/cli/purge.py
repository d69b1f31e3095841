"""`retouche purge`: erase what is kept of contributors."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from retouche.cli.home import Home
from retouche.cli.terminal import Command, Refusal, home_option, locale, say
from retouche.cli.wording import sentence
from retouche.ports import Erased
from retouche.services.mailing.addresses import recipient
from retouche.wiring import Services


@click.command(
    "purge",
    cls=Command,
    refuses=("bad_record", "bad_setting", "empty_home", "home_in_use", "purge_bad_mail",
             "purge_content_of_one", "purge_of_what", "purge_one_dataset"),
)  # fmt: skip
@home_option
@click.option("--dataset", metavar="NAME", help="Only in this dataset.")
@click.option(
    "--older-than",
    "days",
    type=click.IntRange(0, 36_500),
    metavar="DAYS",
    help="Only where nothing happened for so long; default: RETOUCHE_RETENTION_DAYS.",
)
@click.option("--contact", metavar="MAIL", help="All that came with this mail address.")
@click.option("--proposal", metavar="ID", help="What one proposal holds; with --dataset.")
@click.option(
    "--content",
    is_flag=True,
    help="With --proposal: also what it says, in git too. It was rejected or withdrawn, and no "
    "server runs.",
)
@click.option("--dry-run", is_flag=True, help="Only say how many proposals are concerned.")
def command(
    home: Path,
    dataset: str | None,
    days: int | None,
    contact: str | None,
    proposal: str | None,
    content: bool,
    dry_run: bool,
) -> None:
    """Erase names, mail addresses, and hashes of contributors.

    Without --contact or --proposal, all that is older than the retention period. What was changed
    and how it was decided stays. Backups made before keep what they have (docs/personal-data.md).
    """
    address = None if contact is None else recipient(contact)
    if contact is not None and address is None:
        raise Refusal("purge_bad_mail")
    if content and proposal is None:
        raise Refusal("purge_content_of_one")
    place = Home(home)
    services = place.services()
    try:
        if proposal is not None and dataset is None and len(services.catalogue) > 1:
            raise Refusal("purge_one_dataset")
        name = dataset
        if proposal is not None and name is None:
            name = next(iter(services.catalogue)).name
        if days is None and address is None and proposal is None:
            days = services.settings.retention_days
            if not days:
                raise Refusal("purge_of_what")
        if dry_run:
            found = services.purging.found(
                dataset=name, days=days, address=address, proposal=proposal
            )
            say(sentence("purge_would", locale(), count=len(found.proposals)))
            return
        if proposal is not None and name is not None:
            _one(services, place, name, proposal, content)
        elif address is not None:
            _tell(services.purging.person(address, dataset=name, days=days))
        else:
            _tell(services.purging.older(days or 0, dataset=name))
    finally:
        services.close()


def _one(services: Services, place: Home, name: str, proposal: str, content: bool) -> None:
    dataset = services.catalogue.get(name)
    if not content:
        _tell(services.purging.proposal(dataset, proposal))
        return
    with ExitStack() as held:
        if not held.enter_context(place.alone()):
            raise Refusal("home_in_use", home=place.path)
        erased = services.purging.content(dataset, proposal)
    say(sentence("purge_content", locale(), name=name, proposal=erased.id))
    if dataset.remote is not None:
        say(sentence("purge_elsewhere", locale(), number=erased.number or "-"))


def _tell(erased: Erased) -> None:
    say(
        sentence(
            "purged",
            locale(),
            proposals=erased.proposals,
            remarks=erased.remarks,
            confirmations=erased.confirmations,
            mails=erased.mails,
        )
    )
