"""What every answer tells browsers."""

import base64
import hashlib
import re

import pytest

from tests.api.house import Caller

POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


@pytest.mark.parametrize("path", ["/health", "/assistants/list", "/nothing", "/openapi.json", "/docs"])
def test_no_answer_is_guessed_at_framed_or_kept(ana: Caller, path: str) -> None:
    headers = ana.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith(POLICY)


def test_a_download_can_do_nothing_and_is_not_kept(ana: Caller) -> None:
    document = ana.upload(ana.make_assistant()["_id"], "<script>alert(1)</script>", "pagina.html")

    response = ana.get(f"/documents/download/{document['_id']}")

    assert response.headers["Content-Security-Policy"] == POLICY
    assert response.headers["Cache-Control"] == "no-store"


def test_an_event_stream_is_not_kept(ana: Caller) -> None:
    gateway = Caller(ana.client, {"X-API-Key": ana.make_assistant()["api_key"]})

    response = gateway.post(
        "/chats/enviarMensagemLLM",
        {"id": "1", "message_service": "Whatsapp", "message": "Oi"},
        headers={"Accept": "text/event-stream"},
    )

    assert response.mimetype == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-store"


def test_the_documentation_runs_its_own_scripts_alone(anyone: Caller) -> None:
    page = anyone.get("/docs")

    (scripts,) = re.findall(r"script-src ([^;]*)", page.headers["Content-Security-Policy"])
    inline = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline]
    assert digests
    assert scripts.split() == ["'self'", *(f"'sha256-{digest}'" for digest in digests)]


def test_files_of_the_documentation_are_kept_for_a_day(anyone: Caller) -> None:
    response = anyone.get("/docs/assets/css/swagger-ui.css")

    assert response.cache_control.max_age == 86_400
