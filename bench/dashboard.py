"""How quick the inbox is in Chromium, with thousands of conversations behind it: `python -m bench.dashboard`."""

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from app.knowledge.embedding import open_embedder
from bench.children import stub_model
from bench.growth import fill
from bench.installation import running
from bench.table import Row, Section, at_most, render
from tests.e2e.service import Service

_TITLE = "Dashboard, in Chromium"
_CONVERSATIONS = 10_000
_CHATS_PER_CONVERSATION = 10
_TIMES = 5
_MOST_SECONDS, _MOST_KB, _MOST_MESSAGE_SECONDS = 1.0, 150, 2.5
_PATIENCE_MS = 30_000
_PATIENCE_SECONDS = 60
_ROWS = ".inbox-list li"
# When the first conversation stood on the screen, in ms after the page was asked for.
_PAINTED = f"""() => new Promise((resolve) => {{
  const look = () => document.querySelector("{_ROWS}")
    ? requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
    : requestAnimationFrame(look);
  look();
}})"""


def run(folder: Path, conversations: int = _CONVERSATIONS) -> Section:
    """Fill a service's database, and open its inbox; each time as somebody who was never there."""
    if _program() is None:
        return Section(_TITLE, [Row("not measured: Chromium is not installed", "")])
    place = folder / "dashboard"
    (place / "data").mkdir(parents=True)
    (place / "data" / "models").symlink_to(folder / "data" / "models")
    with stub_model(0) as model_url, running(place, model_url) as ours, _chromium() as browser:
        assistant = ours.service.make_assistant()
        fill(place, assistant, conversations * _CHATS_PER_CONVERSATION)
        visits = [_visit(browser, ours.service) for _ in range(_TIMES)]
        shown = [_message(browser, ours.service, assistant["api_key"], number) for number in range(_TIMES)]
    seconds, sizes = [one[0] for one in visits], [one[1] for one in visits]
    rows = [
        at_most(
            f"inbox of {conversations:,} conversations: first of them on screen",
            statistics.median(seconds),
            _MOST_SECONDS,
            "s",
        ),
        at_most("… all that was loaded by then, over the wire", max(sizes), _MOST_KB, "kB"),
        at_most("a new message on screen after it was stored, the slowest", max(shown), _MOST_MESSAGE_SECONDS, "s"),
    ]
    figures = {"first_paint_seconds": seconds, "kilobytes": sizes, "message_seconds": shown}
    return Section(_TITLE, rows, figures)


def _program() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_program(), args=["--disable-dev-shm-usage"])
        yield browser
        browser.close()


def _page(browser: Browser, service: Service) -> Page:
    """A page of a browser that keeps nothing from before, signed in."""
    context = browser.new_context(locale="pt-BR", base_url=f"{service.url}/painel/")
    context.set_default_timeout(_PATIENCE_MS)
    token, user = service.token, '{"id": "", "name": "Ana", "email": "ana@example.com"}'
    keep = "sessionStorage.setItem('orquestradora.%s', %r);"
    context.add_init_script(keep % ("token", token) + keep % ("user", user))
    return context.new_page()


def _visit(browser: Browser, service: Service) -> tuple[float, float]:
    """Seconds until the first conversation was painted, and kB (10³ bytes) that came till then, with headers."""
    page = _page(browser, service)
    received: list[float] = []
    network: CDPSession = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto("", wait_until="commit")
    painted = float(page.evaluate(_PAINTED))
    page.wait_for_timeout(200)
    page.context.close()
    return painted / 1000, sum(received) / 1000


def _message(browser: Browser, service: Service, api_key: str, number: int) -> float:
    """Seconds from when a message was stored until an inbox that looks every 2 s showed it."""
    page = _page(browser, service)
    page.goto("")
    page.locator(_ROWS).first.wait_for()
    # At another moment between two looks each time.
    page.wait_for_timeout(1000 + 400 * number)
    name = f"Cliente {number}"
    body = {"id": f"+55139000{number:04}", "message_service": "Whatsapp", "username": name, "message": "Bom dia!"}
    with service.http as client:
        client.post("/chats/enviarMensagemLLM", json=body, headers={"X-API-Key": api_key}).raise_for_status()
    stored = time.monotonic()
    page.locator(_ROWS, has_text=name).first.wait_for()
    took = time.monotonic() - stored
    page.context.close()
    return took


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.dashboard", description=__doc__)
    parser.add_argument("--conversations", type=int, default=_CONVERSATIONS)
    conversations: int = parser.parse_args().conversations
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        open_embedder("bundled", None, None, folder / "data", _PATIENCE_SECONDS)
        print(render([run(folder, conversations)]))


if __name__ == "__main__":
    main()
