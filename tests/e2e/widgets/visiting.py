"""A page of another site that embeds elements, and somebody who visits it.

Every visit is held to the rules of an embed: no complaint of the browser, no cookie, no request
to a third origin.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from tests.e2e.looking import OVERFLOW, RULES

STRICT = (
    "default-src 'none'; script-src {server}; connect-src {server}; img-src {server} data:;"
    " style-src 'self'; worker-src blob:; frame-src {server}; base-uri 'none'"
)
"""The policy that docs/widgets.md tells a site with a strict one to send."""
SHELL = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>A host page</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/host.css">
<script type="module" src="{server}/widgets.js"></script></head>
<body><main><h1>A host page</h1>{body}</main></body></html>"""
STYLE = "body{margin:8px;font-family:serif}main{max-width:1240px;margin:auto}"


class Host:
    """A web site on an origin of its own; any path answers the page put there."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.policy: str | None = STRICT.format(server=server)
        self.pages: dict[str, tuple[str, str]] = {"/host.css": ("text/css", STYLE)}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, text = site.pages.get(urlsplit(self.path).path, ("", ""))
                content = text.encode()
                self.send_response(200 if kind else 404)
                self.send_header("Content-Type", f"{kind or 'text/plain'}; charset=utf-8")
                self.send_header("Content-Length", str(len(content)))
                if site.policy and kind == "text/html":
                    self.send_header("Content-Security-Policy", site.policy)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def put(self, body: str, *, path: str = "/", lang: str = "fr") -> str:
        """Publish a page with this body; gives its address."""
        html = SHELL.format(lang=lang, server=self.server, body=body)
        self.pages[path] = ("text/html", html)
        return self.url + path

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class Visitor:
    """One window on a host page. `page` is Playwright's; CSS selectors pierce shadow roots."""

    def __init__(self, context: BrowserContext, host: Host, width: int, screenshots: Path) -> None:
        self.context, self.host, self.width = context, host, width
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.requests: list[Request] = []
        self.expected: Callable[[str], bool] = lambda text: False
        self._screenshots = screenshots
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request))

    def widget(
        self,
        name: str = "fiches",
        *,
        attributes: str = "",
        query: str = "",
        lang: str = "fr",
        element: str = "retouche-widget",
        dataset: str = "france-services",
    ) -> Page:
        """Open a host page with one element, at a query string."""
        src = f"{self.host.server}/api/v1/datasets/{dataset}/widgets/{name}"
        address = self.host.put(f'<{element} src="{src}" {attributes}></{element}>', lang=lang)
        self.page.goto(address + query)
        return self.page

    def check(self, name: str, *, axe: bool = True) -> None:
        """A picture; no sideways scroll; nothing that `close` would complain of; axe is content."""
        self.shoot(name)
        assert self.page.evaluate(OVERFLOW) == 0, f"{name} is wider than the window"
        self.honest(name)
        if axe:
            found = Axe().run(self.page, options=RULES).response["violations"]
            told = [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found]
            assert not told, f"{name}: {told}"

    def honest(self, name: str = "visit") -> None:
        """No complaint of the browser, no cookie, no request to a third origin."""
        assert not self.complaints, f"{name}: {self.complaints}"
        ours = {self.host.url, self.host.server}
        strangers = [
            one.url
            for one in self.requests
            if one.url.startswith("http") and _origin(one.url) not in ours
        ]
        assert not strangers, f"{name}: {strangers}"
        assert self.context.cookies() == [], name

    def shoot(self, name: str) -> None:
        self._screenshots.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self._screenshots / f"{name}-{self.width}.png", full_page=True)

    def _heard(self, message: ConsoleMessage) -> None:
        # A map that is photographed is read back from a graphics card that is only played here.
        played = "GL Driver Message" in message.text
        if message.type in ("error", "warning") and not played and not self.expected(message.text):
            self.complaints.append(message.text)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
