"""A reader without JavaScript: follows links, fills forms and sends them, on the test client."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

from flask.testing import FlaskClient

VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
        "circle",
        "rect",
    ]
)


OURS = re.compile(r"/widgets\.js|/widgets/(?:projects|proving|reviewing)-[\w-]+\.js")
"""The scripts that pages may load."""


@dataclass(eq=False)
class Element:
    """An HTML element with all the text inside it."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    text: str = ""

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)

    def inside(self, other: Element) -> bool:
        above = self.parent
        while above is not None and above is not other:
            above = above.parent
        return above is other


class Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        one = Element(tag, attributes, self.open[-1] if self.open else None)
        self.elements.append(one)
        if tag not in VOID:
            self.open.append(one)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> without a start"
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for one in self.open:
            one.text += data


@dataclass
class Page:
    """A page as it was read: its elements, and the forms that may be sent from it."""

    client: FlaskClient
    url: str
    status: int
    headers: Any
    html: str
    language: str = "en"
    elements: list[Element] = field(default_factory=list)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            one
            for one in self.elements
            if one.tag == tag and all(one.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} <{tag} {attributes}> in {self.url}"
        return found[0]

    @property
    def title(self) -> str:
        return self.one("h1").text.strip()

    @property
    def text(self) -> str:
        return " ".join(self.one("main").text.split())

    def link(self, text: str) -> str:
        """The address of the first link with a text."""
        found = [one for one in self.all("a") if text in " ".join(one.text.split())]
        assert found, f"no link {text!r} in {self.url}"
        return found[0]["href"]

    def follow(self, text: str) -> Page:
        return visit(self.client, self.link(text), language=self.language)

    def form(self, *, button: str) -> dict[str, str]:
        """What a browser would send of the form that has a button, untouched."""
        pressed = self._button(button)
        form = self._form_of(pressed)
        fields = {}
        for one in self.elements:
            name = one.get("name")
            if name is None or not one.inside(form):
                continue
            kind = one.get("type")
            if one.tag == "input" and (
                kind not in ("checkbox", "radio") or one.get("checked") is not None
            ):
                fields[name] = one.get("value") or ""
            elif one.tag == "textarea":
                # The parser of a browser drops the first line end; forms send CR LF.
                text = re.sub("\r\n?", "\n", one.text).removeprefix("\n")
                fields[name] = text.replace("\n", "\r\n")
            elif one.tag == "select":
                options = [each for each in self.all("option") if each.inside(one)]
                chosen = [each for each in options if each.get("selected") is not None]
                fields[name] = (chosen or options)[0]["value"]
        if pressed.get("name"):
            fields[pressed["name"]] = pressed.get("value") or ""
        return fields

    def submit(self, button: str, *, follow: bool = True, **typed: Any) -> Page:
        """Press a button of a form after typing into fields; `cell_x` stands for `cell.x`."""
        form = self._form_of(self._button(button))
        fields: dict[str, Any] = self.form(button=button)
        for name, value in typed.items():
            fields[name.replace("cell_", "cell.", 1)] = value
        address = form.get("action") or self.url
        headers = heading(self.language)
        if form.get("method") == "post":
            response = self.client.post(
                address, data=fields, headers=headers, follow_redirects=follow
            )
        else:
            response = self.client.get(address, query_string=fields, headers=headers)
        return read(self.client, response, language=self.language)

    def _button(self, text: str) -> Element:
        found = [one for one in self.all("button") if text in one.text]
        assert found, f"no button {text!r} in {self.url}: {self.text[:500]}"
        return found[0]

    def _form_of(self, one: Element) -> Element:
        above = one.parent
        while above is not None and above.tag != "form":
            above = above.parent
        assert above is not None
        return above


def visit(client: FlaskClient, url: str, *, language: str = "en") -> Page:
    return read(client, client.get(url, headers=heading(language)), language=language)


def heading(language: str) -> dict[str, str]:
    return {"Accept": "text/html", "Accept-Language": language}


def read(client: FlaskClient, response: Any, *, language: str = "en") -> Page:
    """Parse a page and hold it to what every page must be."""
    parser = Parser()
    html = response.get_data(as_text=True)
    parser.feed(html)
    assert not parser.open, f"<{parser.open[-1].tag}> is not closed"
    request = response.request
    page = Page(
        client=client,
        url=request.full_path.rstrip("?"),
        status=response.status_code,
        headers=response.headers,
        html=html,
        language=language,
        elements=parser.elements,
    )
    if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 304):
        hold(page)
    return page


def hold(page: Page) -> None:
    """Rules that no page may break."""
    ids = [one["id"] for one in page.elements if one.get("id")]
    assert len(ids) == len(set(ids)), "an id stands twice"
    for one in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "for", "list"):
            for reference in (one.get(name) or "").split():
                assert reference in ids, f"{name}={reference} leads nowhere on {page.url}"
        if (one.get("href") or "").startswith("#"):
            assert one["href"][1:] in ids, one["href"]
        assert one.get("style") is None, "an inline style"
        assert not any(name.startswith("on") for name in one.attributes), "an inline script"
    levels = [int(one.tag[1]) for one in page.elements if one.tag in ("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1, "not one first heading"
    for above, below in pairwise(levels):
        assert below <= above + 1, f"a heading of level {below} under one of level {above}"
    scripts = [one for one in page.all("script") if one.get("type") != "application/ld+json"]
    assert all(OURS.fullmatch(one.get("src") or "") and not one.text for one in scripts)
    assert page.one("html")["lang"] in ("fr", "en")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    labelled = {one["for"] for one in page.all("label") if one.get("for")}
    for one in page.elements:
        if one.tag in ("input", "select", "textarea") and one.get("type") != "hidden":
            wrapped = any(one.inside(label) for label in page.all("label"))
            assert wrapped or one.get("id") in labelled, f"{one.attributes} has no label"
