"""The OpenAPI document against the running server, and against the documents."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from retouche.web.openapi import document
from tests.datasets import Browser, serve, update, write_desks

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_document_is_valid_openapi_and_is_served(desks: Browser) -> None:
    validate(document())
    answer = desks.client.get("/api/v1/openapi.json")
    assert answer.json == document()


KINDS = {
    "data.*": ("csv", "json", "geojson", "xlsx", "parquet"),
    "exports/*.*": ("csv", "json"),
}
"""Ends of addresses that are described once for each format."""


def test_every_route_of_the_api_is_described_and_every_described_call_exists(
    desks: Browser,
) -> None:
    described = {
        (re.sub(r"{[^}]*}", "*", path), method.upper())
        for path, item in document()["paths"].items()
        for method in item
    }
    routed = set()
    for rule in desks.app.url_map.iter_rules():
        if not rule.rule.startswith("/api/"):
            continue
        path = re.sub(r"<[^>]*>", "*", rule.rule)
        for kind in next((kinds for end, kinds in KINDS.items() if path.endswith(end)), ("",)):
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                routed.add((path[: -len("*")] + kind if kind else path, method))
    assert described == routed


def test_every_call_is_in_the_api_page() -> None:
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    for path in document()["paths"]:
        last = re.sub(r"{(.*?)}", "", path.rsplit("/", 1)[-1]).strip(".") or "{"
        assert last.removeprefix("data") in text, path


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_request_that_the_document_allows_or_forbids_breaks_the_server(
    tmp_path: Path, method: str
) -> None:
    folder = write_desks(tmp_path / "package")
    desks = Browser(serve(tmp_path / "home", {"desks": folder}))
    proposal = desks.propose(update("01", agents="5")).json
    known = {
        "dataset": "desks",
        "resource": "desks",
        "key": "01",
        "proposal": proposal["id"],
        "widget": "desks",
    }
    config = SchemathesisConfig.from_dict({})
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", desks.app, config=config)
    failures: list[str] = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        if operation.method.upper() != method:
            continue

        @settings(
            max_examples=15,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def check(case: schemathesis.Case[Any]) -> None:
            excluded: list[Any] = []
            # Half of the addresses must exist, or nothing behind them is ever reached. There, a
            # request may have the right form and still name fields and rows that do not exist.
            if len(repr(case.query)) % 2:
                case.path_parameters.update(
                    {name: known[name] for name in case.path_parameters if name in known}
                )
                excluded = [positive_data_acceptance]
            # Its own client reads answers as they come, packed ones too.
            case.headers["Accept-Encoding"] = "identity"
            case.call_and_validate(excluded_checks=excluded)

        try:
            check()
        except Exception as error:  # gathered, so that one run tells about every call
            failures.append(f"{operation.label}: {error}")
    assert not failures, "\n\n".join(failures)
