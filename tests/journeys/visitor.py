"""A person in front of a browser, and how many taps the person has made."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.harness.accessibility import barriers, sideways

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

PHONE, DESK = 360, 1280


@dataclass
class Visitor:
    """Somebody with a browser; `taps` counts from sign-in on."""

    page: "Page"
    password: str
    taps: int = field(default=0, init=False)

    def signs_in(self, staff_no: str) -> None:
        """Sign in as one of the demo's people, and start counting taps."""
        self.page.goto("/sign-in")
        self.fills(staff_no=staff_no, password=self.password)
        self.main("form button[type=submit]").click()
        self.page.wait_for_url(lambda address: "/sign-in" not in address)
        self.taps = 0

    def main(self, selector: str) -> "Locator":
        """Return what is found in the page proper, not in its frame."""
        return self.page.locator("main").locator(selector)

    def taps_on(self, selector: str) -> None:
        """Tap on the first thing in the page proper that `selector` finds, and count it."""
        self.main(selector).locator("visible=true").first.click()
        self.taps += 1

    def fills(self, **fields: str) -> None:
        """Fill in the fields of the page's form, by their names."""
        for name, value in fields.items():
            self.main(f"[name={name}]").fill(value)

    def sends(self, name: str = "") -> None:
        """Send the page's own form by its first button, which is the primary one."""
        self.taps_on(f"form[method=post] button.primary{name}")

    def text(self) -> str:
        """Return the words of the page proper."""
        return self.page.locator("main").inner_text()

    def uploads(self, workbook: "Path") -> None:
        """Upload a year's workbook and wait until it has been tried out."""
        self.page.goto("/office/imports")
        self.main("[name=workbook]").set_input_files(workbook)
        self.sends()
        self.main("form[action$='/discard']").first.wait_for()
        self.main("#job").wait_for(state="detached")

    def too_wide(self) -> list[str]:
        """Return by how much the open page goes sideways on a phone and on a desk's screen."""
        found = []
        for width in (PHONE, DESK):
            self.page.set_viewport_size({"width": width, "height": 740})
            if wider := sideways(self.page):
                found.append(f"{width} px: {wider} px too wide")
        return found

    def hurdles(self, width: int) -> list[str]:
        """Return what keeps somebody out of the open page (axe) at that width."""
        self.page.set_viewport_size({"width": width, "height": 740})
        return [f"{width} px: {barrier}" for barrier in barriers(self.page)]
