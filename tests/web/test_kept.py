"""Answers kept in front of the application are those that it would give, and never old ones."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from retouche.core.errors import ForgeUnavailable
from retouche.services.datasets import DatasetRevision
from retouche.web.app import create_app
from retouche.web.gateway import _variable, environment
from retouche.web.kept import LARGEST, Answer, Answers, Ground, Known, _matches, matches
from tests.datasets import Browser, update
from tests.web.test_gateway import scope

ROWS = "/resources/desks/rows"
PATHS = [
    "",
    "/revisions",
    "/revisions?page_size=1&page=1",
    "/widgets",
    "/widgets/desks",
    "/resources/desks",
    "/resources/desks?lang=en",
    ROWS,
    f"{ROWS}?",
    f"{ROWS}?agents__greater=2&opened__sort=desc&page_size=2",
    f"{ROWS}?q=two%20lines",
    f"{ROWS}?q=two+lines",
    f"{ROWS}?near=44.09,5.4&radius=20000",
    f"{ROWS}/01/history",
    "/resources/desks/facets?field=agents&field=phone",
    "/resources/desks/aggregate?by=agents&mean=latitude",
    "/resources/desks/data.csv",
    "/resources/desks/data.csv?columns=id,name",
    "/resources/desks/data.json",
    "/resources/desks/data.geojson",
]
PINNED = ["", "/widgets", ROWS, f"{ROWS}/01", f"{ROWS}/01/history", "/resources/desks/data.csv"]


@pytest.fixture
def unkept(desks: Browser) -> Browser:
    """The same server, which keeps nothing."""
    other = Browser(desks.services)
    other.app.extensions["retouche_kept"].answers = Answers(capacity=0)
    return other


def kept(desks: Browser) -> Answers:
    answers: Answers = desks.app.extensions["retouche_kept"].answers
    return answers


def addresses(desks: Browser) -> Iterator[str]:
    yield from PATHS
    for path in PINNED:
        yield f"{path}?revision={desks.published}"


def shown(answer: Any) -> tuple[str, list[tuple[str, str]], bytes]:
    """All of an answer but the number of its request."""
    headers = [
        (name, "" if name == "X-Request-Id" else value) for name, value in answer.headers.items()
    ]
    return answer.status, headers, answer.data


class Counting:
    """The application behind what is kept; counts how often it is asked."""

    def __init__(self, desks: Browser) -> None:
        front = desks.app.extensions["retouche_kept"]
        self._app, front._app = front._app, self
        self.asked = 0

    def __call__(self, *arguments: Any) -> Any:
        self.asked += 1
        return self._app(*arguments)


def test_a_kept_answer_is_the_one_that_would_be_made(desks: Browser, unkept: Browser) -> None:
    desks.accept(desks.propose(update("01", agents="5")).json)
    behind = Counting(desks)
    for path in addresses(desks):
        tag = desks.get(path).headers["ETag"]
        for conditions in ({}, {"If-None-Match": tag}):
            for language in ("fr", "en", "de, en;q=0.5"):
                headers = {"Accept-Language": language, **conditions}
                desks.get(path, headers=headers)
                asked = behind.asked
                again = desks.get(path, headers=headers)
                assert behind.asked == asked, path
                assert shown(again) == shown(unkept.get(path, headers=headers)), path
                head = desks.client.head(desks.api + path, headers=headers)
                assert behind.asked == asked, path
                assert shown(head) == shown(unkept.client.head(desks.api + path, headers=headers))


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', 'W/"other",W/{}', "*"])
def test_a_tag_is_compared_weakly_and_in_any_form(
    desks: Browser, unkept: Browser, form: str
) -> None:
    tag = desks.get(ROWS).headers["ETag"]
    headers = {"If-None-Match": form.format(tag)}
    for _ in range(2):
        answer = desks.get(ROWS, headers=headers)
        assert answer.status_code == 304
        assert shown(answer) == shown(unkept.get(ROWS, headers=headers))
    other = desks.get(ROWS, headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


def test_any_tag_matches_only_what_there_is(desks: Browser) -> None:
    for path in (f"{ROWS}/nope", f"{ROWS}/nope?revision={desks.published}", f"{ROWS}?nope=1"):
        assert desks.get(path, headers={"If-None-Match": "*"}).status_code in (400, 404)


def test_each_answer_has_a_number_of_its_own(desks: Browser) -> None:
    numbers = {desks.get(ROWS).headers["X-Request-Id"] for _ in range(5)}
    assert len(numbers) == 5


def test_the_answer_after_an_accept_is_the_new_one(desks: Browser) -> None:
    for agents in ("5", "6", "7"):
        for path in (ROWS, "/resources/desks/data.csv", "/resources/desks/facets?field=agents"):
            before = desks.get(path)
            assert desks.get(path).data == before.data
        desks.accept(desks.propose(update("01", agents=agents)).json)
        assert desks.get(ROWS).json["data"][0]["agents"] == agents
        tag = {"If-None-Match": before.headers["ETag"]}
        for path in ("/resources/desks/data.csv", "/resources/desks/facets?field=agents"):
            assert desks.get(path, headers=tag).status_code == 200
    assert len([one for one in kept(desks)._kept if one[3].endswith("/rows")]) == 1


def test_only_answers_that_rest_on_a_commit_are_kept(desks: Browser) -> None:
    sent = desks.propose(update("01", agents="5")).json
    for path in (
        f"{ROWS}/01",
        f"{ROWS}?revision=main",
        f"{ROWS}?revision=proposal:{sent['id']}",
        f"{ROWS}?nope=1",
        f"{ROWS}/nope",
        f"{ROWS}?revision={'f' * 40}",
        "/proposals",
        f"/proposals/{sent['id']}",
        f"/proposals/{sent['id']}/diff",
        f"/resources/desks/diff?from={desks.published}",
    ):
        desks.get(path)
        desks.client.head(desks.api + path)
    desks.client.get("/desks")
    desks.client.get("/health")
    desks.client.get("/api/v1/datasets")
    desks.client.head(desks.api + ROWS)
    assert len(kept(desks)) == 0


def test_a_request_for_a_part_is_left_to_the_application(desks: Browser) -> None:
    desks.get(ROWS)
    behind = Counting(desks)
    desks.get(ROWS, headers={"Range": "bytes=0-9"})
    assert behind.asked == 1


def test_answers_to_other_addresses_of_the_server_are_others(desks: Browser) -> None:
    mine = desks.get(f"{ROWS}?page_size=1").json["links"]["next"]
    theirs = desks.get(f"{ROWS}?page_size=1", headers={"Host": "data.example"}).json
    assert theirs["links"]["next"].startswith("http://data.example/")
    assert desks.get(f"{ROWS}?page_size=1").json["links"]["next"] == mine


def test_a_key_with_separators_is_not_taken_for_another_path(desks: Browser) -> None:
    pinned = f"?revision={desks.published}"
    assert desks.get(f"{ROWS}/01/history{pinned}").status_code == 200
    assert desks.get(f"{ROWS}/01%2Fhistory{pinned}").status_code == 404
    assert desks.get(f"{ROWS}/01/history{pinned}").status_code == 200


def test_a_fault_that_may_pass_is_kept_by_nobody(
    desks: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ForgeUnavailable()

    with monkeypatch.context() as broken:
        broken.setattr(DatasetRevision, "snapshot", fail)
        answer = desks.get(f"?revision={desks.published}")
    assert answer.json["resources"][0]["row_count"] is None
    assert answer.headers["Cache-Control"] == "no-store"
    again = desks.get(f"?revision={desks.published}")
    assert again.json["resources"][0]["row_count"] == 4
    assert "immutable" in again.headers["Cache-Control"]


def test_nothing_is_given_while_the_forge_cannot_say_what_is_published(
    desks: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks.get(ROWS)
    with monkeypatch.context() as broken:
        broken.setattr("retouche.forges.repository.BareRepository.ref", lambda *_: None)
        assert desks.get(ROWS).status_code == 503
    assert desks.get(ROWS).status_code == 200


def known(size: int, *, commit: str = "c") -> Known:
    ground = Ground(commit=commit, tag="t", localised=False, published=None)
    return Known(ground=ground, whole=Answer(status="200 OK", headers=[], body=b"x" * size))


def test_what_is_kept_is_bounded_and_the_last_used_stays() -> None:
    answers = Answers(capacity=50_000)
    for number in range(40):
        answers.put(("often",), known(5_000))
        answers.put((str(number),), known(5_000))
        assert answers.get(("often",)) is not None
    assert len(answers) <= 50_000 / 5_000
    assert answers.get(("often",)) is not None
    assert answers.get(("0",)) is None


def test_an_answer_that_is_too_large_is_not_kept(
    desks: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LARGEST >= 1_000_000
    monkeypatch.setattr("retouche.web.kept.LARGEST", 200)
    whole = desks.get(ROWS)
    assert desks.get(ROWS).data == whole.data
    assert len(kept(desks)) == 0


def test_threads_share_what_is_kept() -> None:
    answers = Answers(capacity=100_000)
    failures: list[BaseException] = []

    def work(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _ in range(2_000):
                address = (str(chance.randrange(60)),)
                found = answers.get(address)
                if found is None or chance.random() < 0.3:
                    answers.put(address, known(chance.randrange(5_000), commit=str(seed)))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures == []
    assert answers._size == sum(
        one.size + sum(map(len, address)) for address, one in answers._kept.items()
    )
    assert answers._size <= 100_000


def test_a_visitor_with_a_cookie_gets_the_same_public_answer(desks: Browser) -> None:
    first = desks.get(ROWS)
    signed_in = create_app(desks.services).test_client()
    signed_in.get(f"/sign-in?token={desks.token}")
    assert signed_in.get(desks.api + ROWS).data == first.data


def test_long_headers_are_understood_and_not_remembered() -> None:
    many = ", ".join(f'"{number}"' for number in range(1_000))
    remembered = _matches.cache_info().currsize
    assert matches(f'{many}, W/"tag"', "tag")
    assert not matches(many, "tag")
    assert _matches.cache_info().currsize == remembered
    environment(scope())
    remembered = _variable.cache_info().currsize
    assert environment(scope(**{"x" * 1_000: "1"}))[f"HTTP_{'X' * 1_000}"] == "1"
    assert _variable.cache_info().currsize == remembered
