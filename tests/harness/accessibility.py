"""What axe finds wrong with a page, by WCAG 2.2 A and AA."""

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}


def barriers(page: "Page") -> list[str]:
    """Return a line for each element of the open page that keeps somebody out; an empty list is what a test wants."""
    found = Axe().run(page, options=_OPTIONS).response["violations"]
    return [f"{rule['id']}: {rule['help']}: {node['html']}" for rule in found for node in rule["nodes"]]


def sideways(page: "Page") -> int:
    """Return by how many CSS pixels the open page is wider than its window; 0 is what a test wants."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider
