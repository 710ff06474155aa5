"""The browser that the tests drive: the one named by $CHROMIUM, one on this machine, or Playwright's own.

Used by dev.py before anything is installed, hence the standard library only at the top.
"""

import os
import shutil
import sys
from pathlib import Path

LINE_TO_TYPE = "apt-get install chromium fonts-noto-cjk  (or set CHROMIUM to a Chromium, Chrome or Edge)"
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)


def installed() -> Path | None:
    """Return the browser named by $CHROMIUM, else one that is installed on this machine, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named)
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found:
        return Path(found)
    return next((place for place in map(Path, _PLACES) if place.exists()), None)


def downloaded() -> Path | None:
    """Return the browser that `playwright install chromium` brought, or None."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only there once the tests are set up

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


if __name__ == "__main__":
    if not (installed() or downloaded()):
        sys.exit(f"no browser found; type: {LINE_TO_TYPE}")
