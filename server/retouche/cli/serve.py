"""`retouche serve [TARGET]`: import once, then serve and take corrections."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import click

from retouche import logs
from retouche.cli.agreement import check_agreement, check_shared_secret
from retouche.cli.home import Home, read_settings
from retouche.cli.mirrors import glance
from retouche.cli.refusals import REFUSALS
from retouche.cli.server import Server, address, listen
from retouche.cli.targets import Target, bring, targets
from retouche.cli.terminal import Command, home_option, note, progress
from retouche.connection import Connection
from retouche.services.warming import warm, warm_indicators, warm_search
from retouche.settings import Settings
from retouche.wiring import Services, build, tidy

if TYPE_CHECKING:
    from retouche.web.gateway import Gateway

REVIEWER = "reviewer"
WEB, WORKER, ALL = ROLES = ("web", "worker", "all")
TOML = tuple(reason for reason in REFUSALS if reason.startswith("toml_"))
"""What may be wrong with a `retouche.toml`."""


@click.command(
    "serve",
    cls=Command,
    codes="0 stopped (SIGTERM drains: what was begun is answered), 2 could not run.",
    refuses=(
        "bad_record", "bad_setting", "cannot_listen", "cannot_read", "cannot_write",
        "dataset_taken", "gitlab_unreachable", "lives_elsewhere", "lives_here", "move_unfinished",
        "no_bundled", "no_descriptor", "no_such_path", "not_a_target", "not_published",
        "not_servable", "other_home", "other_secret", "port_in_use", "reserved_name",
        "secret_missing", "secret_not_shared", "unsure", *TOML,
    ),
)  # fmt: skip
@click.argument("target", required=False, type=click.Path(path_type=Path))
@home_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="Processes that answer requests.",
)
@click.option(
    "--role",
    type=click.Choice(ROLES),
    default=ALL,
    show_default=True,
    help="web answers requests; worker works beside them, for servers of role web too.",
)
def command(target: Path | None, home: Path, host: str, port: int, workers: int, role: str) -> None:
    """Serve TARGET and take corrections.

    TARGET is a data package folder, a single CSV file, a retouche.toml, or nothing (the bundled
    France Services sample). A folder or CSV is imported once into the home; running this again
    keeps all edits, and says when the source has changed since. Prints one line “Retouche is
    ready at http://…” when it accepts connections (of role worker: “Retouche works for …”), and on
    first start the reviewer's sign-in link.
    """
    logs.configure()
    wanted = targets(target)
    with ExitStack() as stack:
        listener = stack.enter_context(listen(host, port)) if role != WORKER else None
        stack.enter_context(Home(home).serving())
        settings = read_settings(home)
        logs.configure(settings.log_level)
        check_shared_secret(settings, role=role)
        served = _bring(Home(home), wanted, settings)
        lines = [f"Retouche works for {', '.join(served)}"]
        if listener is not None:
            base_url = settings.base_url or address(listener)
            lines = [f"Retouche is ready at {base_url}"]
        token = _prepare(settings, served, role=role)
        if token:
            lines.append(f"Sign in as reviewer: {base_url}/sign-in?token={token}")
        # Imported before the workers are forked, which then share it; made in each of them,
        # so that no connection is shared.
        if listener is not None:
            from retouche.web.app import create_gateway

        def application() -> Gateway:
            services = build(settings, served, works=False)
            services.keeping.start()
            # The workers agree on one of them to do it; the others take over what it made.
            Thread(target=_ready, args=(services,), daemon=True).start()
            return create_gateway(services)

        def beside() -> Services:
            return build(settings, served)

        Server(
            application,
            beside if role != WEB else None,
            listener=listener,
            workers=workers,
            announcement="".join(f"{line}\n" for line in lines),
        ).run()


def _ready(services: Services) -> None:
    """Derive what the first readers would wait for, beside those who come already."""
    warm_search(services.catalogue)
    warm_indicators(services.catalogue, services.indicators)


def _bring(home: Home, wanted: list[Target], settings: Settings) -> dict[str, str | Connection]:
    """What each dataset is served from, once all are in the home."""
    with home.locked():
        bring(home, wanted, max_file=settings.max_file)
    return home.served(one.name for one in wanted)


def _prepare(settings: Settings, served: dict[str, str | Connection], *, role: str) -> str | None:
    """Clear up what a kill left and derive what the workers share: what is pending is theirs.

    Gives a sign-in token where there is no reviewer yet, to who answers requests.
    """
    services = build(settings, served)
    check_agreement(services, served)
    glance(services)
    untidy = tidy(services)
    if untidy:
        note("unfinished", count=len(untidy), names="; ".join(untidy))
    if settings.cache_size:
        with ExitStack() as stack:
            warm(
                services.catalogue,
                progress=lambda name: stack.enter_context(progress("warming", name=name)),
            )
    token = None
    if role != WORKER:
        with services.locks.hold("~sign-in"):  # servers that start together make one
            if not services.reviewers.known():
                token = services.reviewers.new_link_token(REVIEWER)
    services.close()  # the workers are forked from here, each with processes of its own
    return token
