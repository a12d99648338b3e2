"""A visitor writes on while the service is killed (kill -9) and started again."""

import random
import time
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.live_house import served
from tests.browser.test_widget import Widget
from tests.e2e.service import free_port, launch

_KILLS = 10
_PATIENCE_MILLISECONDS = 120_000


@pytest.mark.stress
@pytest.mark.timeout(1800)
def test_each_message_is_answered_once_though_the_service_dies(
    tmp_path: Path, bundled_models: Path, page: Page
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "models").symlink_to(bundled_models)
    port, chance = free_port(), random.Random(12)
    service = launch(tmp_path, PORT=port)
    service.sign_in()
    token, assistant = service.token, service.make_assistant()
    app = Flask("site")
    with served(app) as url:
        body = {"assistant_id": assistant["_id"], "kind": "web", "name": "Site", "origins": [url]}
        script = service.http.post("/channels/add", json=body).json()["script"]
        app.add_url_rule("/", "home", lambda: f"<!doctype html><title>Loja</title><p>Loja</p>{script}")
        page.goto(url)
        widget = Widget(page)
        widget.launcher.click()
        for number in range(_KILLS):
            widget.say(f"Mensagem {number}")
            time.sleep(chance.uniform(0, 1.5))
            service.kill()
            service = launch(tmp_path, PORT=port)
            service.token = token
        mine = widget.log.locator(".mine")
        theirs = widget.log.locator(".message:not(.mine)")
        expect(theirs).to_have_count(1 + _KILLS, timeout=_PATIENCE_MILLISECONDS)
        expect(mine).to_contain_text([f"Mensagem {number}" for number in range(_KILLS)])
        expect(widget.log).not_to_contain_text("Enviando…")
    chats = service.http.get(f"/chats/list?assistant_id={assistant['_id']}").json()
    service.stop()
    assert [one["message"] for one in reversed(chats)] == [f"Mensagem {number}" for number in range(_KILLS)]
    assert all(one["response"] for one in chats)
