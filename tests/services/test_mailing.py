"""Mails about proposals: who is told what, once, whatever is killed or refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retouche.core.errors import ForgeRefused, ForgeUnavailable
from retouche.locks import FileLocks
from retouche.ports import Mail
from retouche.services.mailing import letters
from retouche.services.mailing.addresses import recipient, recipients
from retouche.services.mailing.allowance import LINKS, RECEIPTS, Allowance
from retouche.services.mailing.digest import Digest
from retouche.services.mailing.letters import quoted
from retouche.services.mailing.links import Links
from retouche.services.mailing.mailing import FOLDED, GIVEN_UP, Mailing
from retouche.services.mailing.sentences import BODIES, DECISION_REASONS, PARTS, STATES, SUBJECTS
from retouche.services.reviewing.reasons import REASONS
from retouche.settings import Settings
from tests.datasets import Browser, Movable, serve, update, write_desks
from tests.hostile import HOSTILE
from tests.mail_server import mail_server

BASE = "https://host.example"
SOMEONE = {"name": "Canary Person", "email": "someone@there.example"}


class Killed(BaseException):
    """What a kill looks like from inside."""


@dataclass
class Box:
    """A post that keeps what it is given, and fails as it is told."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    fault: Exception | None = None
    killed: bool = False

    def send(self, **mail: Any) -> None:
        if self.fault is not None:
            raise self.fault
        self.sent.append(mail)
        if self.killed:
            raise Killed

    @property
    def texts(self) -> str:
        return "\n".join(f"{one['subject']}\n{one['text']}" for one in self.sent)


class Tallies:
    """Counts for ever."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def take(self, name: str, *, most: int, seconds: int) -> float | None:
        if self.counts.get(name, 0) >= most:
            return float(seconds)
        self.counts[name] = self.counts.get(name, 0) + 1
        return None

    def is_full(self, name: str, *, most: int, seconds: int) -> bool:
        return self.counts.get(name, 0) >= most


@dataclass
class Office:
    """A served dataset, and mailing over it."""

    browser: Browser
    clock: Movable
    box: Box
    mailing: Mailing
    allowance: Allowance

    def propose(self, key: str = "01", **others: Any) -> dict[str, Any]:
        body = {"contributor": SOMEONE, "comment": "canary comment", "locale": "en", **others}
        cells = body.pop("cells", {"note": f"canary cell {key}"})
        answer = self.browser.propose(update(key, **cells), **body)
        assert answer.status_code == 201, answer.json
        found: dict[str, Any] = answer.json
        return found

    @property
    def waiting(self) -> list[Mail]:
        return list(self.browser.services.outbox.due(now=self.clock() + timedelta(days=9)))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return opened(tmp_path)


def opened(tmp_path: Path, *, post: Any = "box") -> Office:
    services = serve(
        tmp_path / "home",
        {"desks": write_desks(tmp_path / "package")},
        base_url=BASE,
        limit_minute=0,
        limit_day=0,
    )
    clock, box = Movable(), Box()
    allowance = Allowance(services.moderation, Tallies(), secret_key=services.secret_key)
    mailing = Mailing(
        services.outbox,
        services.proposals._journal,
        services.catalogue,
        services.locks,
        clock,
        post=box if post == "box" else post,
        links=Links(BASE, services.proposals.secret),
        allowance=allowance,
        chance=lambda: 1.0,
    )
    return Office(Browser(services), clock, box, mailing, allowance)


def link_of(sent: dict[str, Any]) -> str:
    return str(re.findall(rf"{BASE}/\S+", sent["text"])[0])


# -- Who is told what ---------------------------------------------------------------------------


def test_a_receipt_with_the_link_and_no_word_of_the_contributor(office: Office) -> None:
    proposal = office.propose(cells={"name": "Canary Desk", "note": "canary cell"})
    office.mailing.run()
    (mail,) = office.box.sent
    assert mail["recipient"] == SOMEONE["email"]
    assert mail["subject"] == "We have received your proposal for “Accueils”"
    link = link_of(mail)
    assert link.startswith(f"{BASE}/desks/proposals/{proposal['id']}?secret=")
    assert "canary" not in office.box.texts.lower()
    page = office.browser.client.get(link.removeprefix(BASE))
    assert "canary comment" in page.text  # it is the author's page
    assert mail["unsubscribe"] in mail["text"]
    assert office.waiting == []
    office.mailing.run()
    assert len(office.box.sent) == 1


def test_mails_are_in_the_language_of_the_proposal(office: Office) -> None:
    office.propose(locale="fr")
    office.mailing.run()
    assert (
        office.box.sent[0]["subject"] == "Nous avons reçu votre proposition pour «\xa0Accueils\xa0»"
    )
    assert office.box.sent[0]["locale"] == "fr"


def test_without_an_address_nobody_is_written_to(office: Office) -> None:
    office.propose(contributor={"name": "Canary"})
    office.propose("02", contributor={"email": " "})
    office.mailing.run()
    assert office.box.sent == []


def test_an_acceptance_and_what_the_reviewer_says(office: Office) -> None:
    proposal = office.propose()
    office.mailing.run()
    office.browser.accept(proposal, message="Thanks a lot.\nSee you.")
    office.mailing.run()
    mail = office.box.sent[-1]
    assert "was accepted" in mail["subject"]
    assert "> Thanks a lot.\n> See you." in mail["text"]


def test_a_part_that_is_accepted(office: Office) -> None:
    body = {"contributor": SOMEONE, "locale": "en"}
    two = (update("01", note="one"), update("02", note="two"))
    proposal = office.browser.propose(*two, **body).json
    office.browser.accept(proposal, operations=[1])
    office.mailing.run()
    (mail,) = office.box.sent  # with the receipt, found in one run
    assert "accepted in part" in mail["subject"]
    assert "1 of the 2 changes" in mail["text"].replace("\n", " ")


@pytest.mark.parametrize("reason", [one for one in REASONS if one != "spam"])
def test_a_rejection_gives_its_reason_in_words(office: Office, reason: str) -> None:
    proposal = office.propose()
    office.browser.reject(proposal, reason=reason, message="Sorry.")
    office.mailing.run()
    (mail,) = office.box.sent
    assert DECISION_REASONS[reason][0] in mail["text"].replace("\n", " ")
    assert "> Sorry." in mail["text"]
    assert reason not in mail["text"] or reason in ("wrong", "other")


def test_cells_that_are_left_out_are_told_each_with_its_reason(office: Office) -> None:
    sent = office.propose(cells={"phone": "04 65 71 00 99", "agents": "5"})
    refused = [{"operation": 0, "field": "agents", "reason": "wrong", "message": "It is 3."}]
    assert office.browser.accept(sent, refused=refused).status_code == 200
    office.mailing.run()
    mail = office.box.sent[-1]
    assert "accepted in part" in mail["subject"]
    assert "1 of the 2 changes" in mail["text"].replace("\n", " ")
    told = mail["text"][mail["text"].index("- ") :]
    assert told.startswith("- 01 · Nombre d’agents\n\nReason: the information is not correct.")
    assert "> It is 3." in told


def test_a_reason_of_the_dataset_is_told_in_the_language_of_the_proposal(office: Office) -> None:
    label = {"fr": "À vérifier", "en": "To be\u202e checked"}
    own = {"code": "ask", "label": label, "message": {"fr": "Appelez.", "en": "Please call."}}
    letter = letters.about_one(
        "rejected",
        {"reason": "not_verified", "own_reason": own},
        title="Desks",
        locale="en",
        link="https://host.example/1",
        stop="https://host.example/2",
    )
    assert "Reason: To be checked.\n\nPlease call.\n" in letter.text


def test_what_is_called_spam_is_not_answered(office: Office) -> None:
    office.browser.reject(office.propose(), reason="spam")
    office.mailing.run()
    assert office.box.sent == []


def test_a_withdrawal_is_confirmed(office: Office) -> None:
    proposal = office.propose()
    office.mailing.run()
    secret = proposal["follow_up_url"].partition("secret=")[2]
    done = office.browser.post(
        f"/proposals/{proposal['id']}/withdraw", {}, headers={"Authorization": f"Bearer {secret}"}
    )
    assert done.status_code == 200, done.json
    office.mailing.run()
    assert "taken back" in office.box.sent[-1]["subject"]


def test_a_conflict_says_what_to_do(office: Office) -> None:
    office.propose()
    office.mailing.run()
    other = office.browser.propose(update("01", note="another value")).json
    office.browser.accept(other)
    office.mailing.run()
    mail = office.box.sent[-1]
    assert "please look at your proposal" in mail["subject"]
    assert "correct it again" in mail["text"].replace("\n", " ")
    assert len(office.box.sent) == 2


def test_many_at_a_time_become_one_mail(office: Office) -> None:
    proposals = [office.propose(key) for key in ("01", "02", "03", "04")]
    assert len(proposals) > FOLDED
    office.mailing.run()
    (mail,) = office.box.sent
    assert mail["subject"] == "News of your proposals for “Accueils”"
    for one in proposals:
        assert one["id"] in mail["text"]


def test_receipts_to_one_address_are_few_and_decisions_are_told_nevertheless(
    office: Office,
) -> None:
    proposals = []
    for number in range(RECEIPTS + 2):
        proposals.append(office.propose("01", cells={"note": f"value {number}"}))
        office.mailing.run()
    assert len(office.box.sent) == RECEIPTS
    office.browser.reject(proposals[-1])
    office.mailing.run()
    assert len(office.box.sent) == RECEIPTS + 1


def test_receipts_for_one_sender_are_bounded_whatever_addresses_they_give(office: Office) -> None:
    proposal = office.browser.services.proposals.get(
        office.browser.services.catalogue.get("desks"), office.propose()["id"]
    )
    sent = [
        office.allowance.allows(proposal, f"victim{number}@there.example") for number in range(40)
    ]
    assert proposal.sender.address is not None
    assert sum(sent) == 20


def test_without_a_post_events_are_looked_at_and_nothing_is_written(tmp_path: Path) -> None:
    office = opened(tmp_path, post=None)
    office.propose()
    office.mailing.run()
    assert office.waiting == []
    assert office.browser.services.outbox.untold() == []
    assert not office.mailing.is_on


# -- Never lost, and not for ever ---------------------------------------------------------------


def test_what_fails_is_tried_later_and_later_and_given_up_in_the_end(office: Office) -> None:
    office.propose()
    office.box.fault = ForgeUnavailable("mail_deferred", status=451)
    pauses = []
    office.mailing.run()
    start = office.clock()
    while office.waiting:
        (mail,) = office.waiting
        assert mail.fault == "mail_deferred 451"
        assert mail.retry_at is not None
        pauses.append((mail.retry_at - office.clock()).total_seconds())
        office.clock.move(seconds=pauses[-1] + 1)
        office.mailing.run()
    assert pauses[:3] == pytest.approx([30, 60, 120], abs=1)
    assert max(pauses) <= 7_200
    assert GIVEN_UP <= office.clock() - start < GIVEN_UP + timedelta(hours=3)
    assert office.box.sent == []


def test_a_mail_that_waits_is_not_tried_too_soon(office: Office) -> None:
    office.propose()
    office.box.fault = ForgeUnavailable("mail_unreachable")
    office.mailing.run()
    office.box.fault = None
    office.mailing.run()
    assert office.box.sent == []
    office.clock.move(seconds=31)
    office.mailing.run()
    assert len(office.box.sent) == 1


def test_a_refusal_for_good_ends_it_at_once(office: Office) -> None:
    office.propose()
    office.box.fault = ForgeRefused("mail_refused", status=550)
    office.mailing.run()
    assert office.waiting == []


def test_one_that_is_refused_keeps_no_other_from_being_sent(office: Office) -> None:
    office.propose()
    office.propose("02", contributor={"email": "other@there.example"})
    office.mailing.tell()
    real = office.box.send

    def picky(**mail: Any) -> None:
        if mail["recipient"] == SOMEONE["email"]:
            raise ForgeRefused("mail_refused", status=550)
        real(**mail)

    office.mailing._post = type("Picky", (), {"send": staticmethod(lambda **m: picky(**m))})()
    office.mailing.deliver()
    assert [one["recipient"] for one in office.box.sent] == ["other@there.example"]
    assert office.waiting == []


def test_one_that_cannot_be_written_keeps_no_other_from_being_sent(office: Office) -> None:
    """As when a newer server left it in the outbox that they share."""
    of_another = Mail(
        id="1",
        dataset="desks",
        proposal=office.propose()["id"],
        kind="of_another_version",
        recipient=SOMEONE["email"],
        locale="en",
        created_at=office.clock(),
    )
    office.browser.services.outbox.tell([], [of_another])
    office.mailing.run()
    assert len(office.box.sent) == 1
    assert [(one.id, one.fault) for one in office.waiting] == [("1", "not_written")]


def test_a_kill_between_sending_and_noting_sends_the_same_mail_again(office: Office) -> None:
    office.propose()
    office.box.killed = True
    with pytest.raises(Killed):
        office.mailing.run()
    office.box.killed = False
    office.mailing.run()
    first, second = office.box.sent
    assert first == second  # the Message-ID with the rest
    assert office.waiting == []


def test_a_kill_before_the_mails_are_written_loses_none(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.propose()

    def killed(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(office.browser.services.outbox, "tell", killed)
        with pytest.raises(Killed):
            office.mailing.run()
    office.mailing.run()
    assert len(office.box.sent) == 1


def test_two_workers_tell_a_thing_once(office: Office) -> None:
    office.propose()
    other = replace(office).mailing
    untold = office.mailing._outbox.untold(limit=9)
    office.mailing.tell()
    other._outbox.tell(  # it looked before the first one wrote
        [one.sequence for one in untold], other._mails(untold)
    )
    office.mailing.deliver()
    assert len(office.box.sent) == 1


def test_while_another_process_is_at_it_nothing_is_done(office: Office) -> None:
    office.propose()
    with office.browser.services.locks.hold("~mail"):
        office.mailing._locks = FileLocks(office.browser.services.settings.home / "locks")
        office.mailing.run()
    assert office.box.sent == []
    office.mailing.run()
    assert len(office.box.sent) == 1


def test_an_address_that_was_erased_meanwhile_gets_nothing(office: Office) -> None:
    office.propose()
    office.mailing.tell()
    assert len(office.waiting) == 1
    office.browser.services.people.erase(dataset="desks")
    office.mailing.deliver()
    assert office.box.sent == []


def test_through_a_real_server(tmp_path: Path) -> None:
    from retouche.posts.smtp import Server, SmtpPost

    with mail_server() as server:
        post = SmtpPost(
            Server.of(f"smtp://127.0.0.1:{server.port}"),
            sender="bot@host.example",
            clock=Movable(),
        )
        office = opened(tmp_path, post=post)
        server.answers["RCPT"] = "451 later"
        office.propose(locale="fr")
        office.mailing.run()
        assert server.taken == []
        server.answers["DATA"] = "drop"
        del server.answers["RCPT"]
        office.clock.move(seconds=40)
        office.mailing.run()  # taken, and cut off before that was said
        server.answers.clear()
        office.clock.move(seconds=90)
        office.mailing.run()
        first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_content() == second.get_content()
    assert "bien gardée" in first.get_content()
    assert office.waiting == []


# -- Links, and the digest ----------------------------------------------------------------------


def test_links_go_to_the_address_that_asked_and_only_if_it_has_proposals(office: Office) -> None:
    mine = [office.propose("01"), office.propose("02")]
    other = office.propose("03", contributor={"email": "other@there.example"})
    office.browser.accept(mine[0])
    office.mailing.run()
    office.box.sent.clear()
    for address in ("Someone@There.Example ", "nobody@there.example", "no address", "x@y\r\nz"):
        office.mailing.ask_links("desks", address, locale="en")
    assert len(office.waiting) == 2  # as many for who sent nothing
    office.mailing.run()
    (mail,) = office.box.sent
    assert mail["recipient"] == "Someone@There.Example"
    assert [one["id"] in mail["text"] for one in (*mine, other)] == [True, True, False]
    assert "Accepted, sent on" in mail["text"]
    assert "canary" not in mail["text"]
    assert office.waiting == []


def test_links_are_sent_to_one_address_a_few_times_a_day(office: Office) -> None:
    office.propose()
    office.mailing.run()
    for _ in range(LINKS + 3):
        office.mailing.ask_links("desks", SOMEONE["email"], locale="fr")
        office.mailing.run()
    assert len(office.box.sent) == 1 + LINKS


def test_the_digest_comes_once_a_day_when_something_is_new(office: Office) -> None:
    services = office.browser.services
    digest = Digest(
        services.outbox,
        services.proposals._journal,
        services.catalogue,
        services.installation,
        office.clock,
        recipients=("reviewer@there.example", "second@there.example"),
        hours=24.0,
    )
    # The dataset's clock stands at 2026-01-01: our own is brought there, at noon.
    first = services.clock().replace(hour=12)
    office.clock.move(seconds=(first - office.clock()).total_seconds())
    digest.run()
    assert office.waiting == []  # nothing waits
    office.propose()
    office.propose("02")
    digest.run()
    digest.run()
    office.mailing.deliver()
    assert {one["recipient"] for one in office.box.sent} == {
        "reviewer@there.example",
        "second@there.example",
    }
    text = office.box.sent[0]["text"].replace("\n", " ").replace("\xa0", " ")
    assert "2 en attente, 2 depuis le dernier message" in text
    assert f"{BASE}/desks/proposals?state=open" in text
    assert "canary" not in office.box.texts.lower()
    office.clock.move(days=2)
    digest.run()
    assert office.waiting == []  # they still wait, and nothing is new
    office.propose("03")
    office.browser.services.proposals._clock.now = office.clock()  # type: ignore[attr-defined]
    office.propose("04")
    digest.run()
    assert [one.detail["datasets"][0]["new"] for one in office.waiting] == [1, 1]


def test_two_workers_write_one_digest(office: Office) -> None:
    services = office.browser.services
    office.propose()

    def one() -> Digest:
        return Digest(
            services.outbox,
            services.proposals._journal,
            services.catalogue,
            services.installation,
            services.clock,
            recipients=("reviewer@there.example",),
            hours=24.0,
        )

    one().run()
    office.mailing.deliver()
    one().run()
    assert office.waiting == []
    assert len(office.box.sent) == 1


# -- Addresses and words ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["a@b.example", "first.last+tag@sub.there.example", "o'neil@x.example", " a@b.example "]
)
def test_addresses_that_are_written_to(text: str) -> None:
    assert recipient(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "a@b", "a@b.c", "@b.example", "a@", "a b@c.example", "a@b..example"),
        *('"a b"@c.example', "a@[127.0.0.1]", "a@b.example,c@d.example", "<a@b.example>"),
        *("a@b.example\r\nBcc: c@d.example", "a@b.example\n", "a@-b.example", "é@b.example"),
        *("a@é.example", f"{'a' * 65}@b.example", f"a@{'b.' * 130}example", "a..b@c.example"),
        *("a@b.example;rm", "-", "a@b.1", ".a@b.example"),
        *HOSTILE.values(),
    ],
)
def test_other_texts_are_no_recipients(text: str) -> None:
    assert recipient(text) is None


@given(st.text(max_size=40), st.text(max_size=20))
def test_no_text_becomes_more_than_one_line_or_recipient(local: str, domain: str) -> None:
    found = recipient(f"{local}@{domain}.example")
    assert found is None or re.fullmatch(r"[!-~]+", found)
    assert found is None or found.count("@") == 1


def test_lists_of_recipients() -> None:
    assert recipients("") == ()
    assert recipients(" a@b.example, c@d.example,a@b.example ") == ("a@b.example", "c@d.example")
    with pytest.raises(ValueError, match="RETOUCHE_MAIL_REVIEWERS"):
        recipients("a@b.example; c@d.example")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_what_a_reviewer_writes_stays_marked_as_theirs(text: str) -> None:
    for line in quoted(text).split("\n"):
        assert line.startswith("> ")
        assert line.isprintable() or "\t" in line


def test_all_words_are_there_in_both_languages() -> None:
    for texts in (SUBJECTS, BODIES, PARTS, STATES, DECISION_REASONS):
        for english, french in texts.values():
            assert english != french
            fields = re.compile(r"\{(\w+)\}")
            assert set(fields.findall(english)) == set(fields.findall(french))
    assert set(REASONS) <= DECISION_REASONS.keys()


def test_mails_need_an_address_of_the_server_and_of_the_sender() -> None:
    smtp = {"RETOUCHE_SMTP_URL": "smtp://mail.example"}
    with pytest.raises(ValueError, match="RETOUCHE_BASE_URL"):
        Settings.from_environment(smtp)
    with pytest.raises(ValueError, match="RETOUCHE_MAIL_FROM"):
        Settings.from_environment({**smtp, "RETOUCHE_BASE_URL": BASE})
    whole = {**smtp, "RETOUCHE_BASE_URL": BASE, "RETOUCHE_MAIL_FROM": "a@b.example"}
    assert Settings.from_environment(whole).smtp_url == "smtp://mail.example"
