"""The browser, started once, and a fresh page for each test."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Machines for tests often have a small /dev/shm.
_ARGUMENTS = ["--disable-dev-shm-usage"]
_WAIT_MILLISECONDS = 20_000


def chromium() -> dict[str, Any] | None:
    """What Playwright starts the system's Chromium with; None: there is none."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    return {"executable_path": program, "args": _ARGUMENTS} if program else None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window; what is loaded from outside this machine is the test's own doing."""
    options = chromium()
    if options is None:
        pytest.skip("Chromium is not installed (sudo apt-get install chromium): no test of the pages was run")
    expect.set_options(timeout=_WAIT_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a visitor from Brazil, who was never here before."""
    with browser.new_context(locale="pt-BR", timezone_id="America/Sao_Paulo") as context:
        context.set_default_timeout(_WAIT_MILLISECONDS)
        yield context.new_page()
