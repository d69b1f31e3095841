"""What persons can do about what is kept of them: get their links again, end mails, read how."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from retouche.core.errors import Malformed, NotAllowed
from retouche.core.messages import problem
from retouche.ports import Proposal
from retouche.services.datasets import Dataset
from retouche.services.mailing.addresses import recipient
from retouche.web.context import dataset, services
from retouche.web.guard import check_call
from retouche.web.language import locale
from retouche.web.pages.links import page_url

blueprint = Blueprint("follow_up", __name__)


@blueprint.get("/<dataset:name>/follow-up")
def show_form(name: str) -> str:
    return _form(name)


@blueprint.post("/<dataset:name>/follow-up")
def send_links(name: str) -> Response | tuple[str, int]:
    """The answer, and the time it takes, are the same whether the address sent anything or not."""
    dataset(name)
    check_call("follow-up", name)
    address = recipient(request.form.get("email"))
    if address is None:
        error = Malformed("bad_mail_address", pointer="/email")
        return _form(name, problem(error, locale())[1]), 400
    services().mailing.ask_links(name, address, locale=locale())
    services().queue.ask("mail")
    return redirect(page_url("follow_up.show_form", name=name, done="asked"), 303)


@blueprint.get("/<dataset:name>/proposals/<proposal>/mails")
def show_stop(name: str, proposal: str) -> str:
    found, own = _own(name, proposal)
    return render_template(
        "mails.html",
        revision=found.at(),
        proposal=own,
        secret=request.args.get("secret", ""),
        told=bool((own.contributor or {}).get("email")),
    )


@blueprint.post("/<dataset:name>/proposals/<proposal>/mails")
def stop(name: str, proposal: str) -> Response:
    """Also what a mail program calls by itself: no more than the secret is asked for."""
    found, own = _own(name, proposal)
    services().mailing.stop(found, own.id)
    return redirect(
        page_url(
            "follow_up.show_stop",
            name=name,
            proposal=own.id,
            secret=services().proposals.secret(own),
            done="stopped",
        ),
        303,
    )


@blueprint.get("/<dataset:name>/personal-data")
def personal_data(name: str) -> str:
    return render_template(
        "personal_data.html",
        revision=dataset(name).at(),
        days=services().settings.retention_days,
        mails=services().mailing.is_on,
    )


def mails_on() -> bool:
    """Whether those who give an address are written to: what forms promise."""
    return services().mailing.is_on


def _form(name: str, fault: str | None = None) -> str:
    return render_template(
        "follow_up.html",
        revision=dataset(name).at(),
        mails=services().mailing.is_on,
        fault=fault,
        done=request.args.get("done") == "asked",
    )


def _own(name: str, proposal: str) -> tuple[Dataset, Proposal]:
    """A proposal of whoever has its secret. Raises `NotFound`, `NotAllowed`."""
    g.private = True
    found = dataset(name)
    one = services().proposals.get(found, proposal)
    secret = request.form.get("secret") or request.args.get("secret")
    if not services().proposals.is_author(one, secret):
        raise NotAllowed("bad_secret")
    return found, one
