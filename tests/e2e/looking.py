"""Somebody who looks at pages in a browser and holds each of them to the same rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
HEIGHT = 900
TALLEST = 2400
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Looker:
    """One window. `check` is called on every page that the test comes to."""

    def __init__(
        self, context: BrowserContext, width: int, screenshots: Path, *, scripts: bool
    ) -> None:
        self.context = context
        self.width = width
        self._scripts = scripts
        self.page: Page = context.new_page()
        self._screenshots = screenshots
        self._complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self._complaints.append(str(error)))

    def go(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def check(self, name: str) -> None:
        """No overflow, no complaint of the browser, no accessibility fault; and a screenshot."""
        self.shoot(name)
        assert self.page.evaluate(OVERFLOW) == 0, f"{name} is wider than the window"
        assert self._complaints == [], name
        if self._scripts:  # axe is a script itself; narrow pages meet it in their own test
            results = Axe().run(self.page, options=RULES)
            assert results.violations_count == 0, f"{name}: {self._told(results.response)}"

    def shoot(self, name: str) -> None:
        """Keep a picture of the page, of its upper part when it is long."""
        self._screenshots.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_load_state()  # a click may just have led here: there is no body yet
        height = min(self.page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        self.page.set_viewport_size({"width": self.width, "height": height})
        self.page.screenshot(path=self._screenshots / f"{name}-{self.width}.png")
        self.page.set_viewport_size({"width": self.width, "height": HEIGHT})

    def _heard(self, message: ConsoleMessage) -> None:
        # A refused form is answered with its status, which the browser reports as an error; and
        # taking a picture of a map on a machine without a graphics card costs it a warning.
        harmless = ("Failed to load resource", "GL Driver Message")
        if message.type in ("error", "warning") and not any(map(message.text.count, harmless)):
            self._complaints.append(message.text)

    @staticmethod
    def _told(response: dict[str, Any]) -> list[tuple[str, list[str]]]:
        return [
            (one["id"], [node["html"][:200] for node in one["nodes"][:3]])
            for one in response["violations"]
        ]
