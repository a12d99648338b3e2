"""X-Request-ID"""

import logging

import pytest

from app.logs import request_id
from tests.api.house import UNKNOWN_ID, Caller


@pytest.mark.parametrize("offered", ["abc", "0f8fad5b-d9cb-469f-a165-70867728950e", "a.b:c_d-1", "x" * 128])
def test_a_sane_one_is_taken(anyone: Caller, offered: str) -> None:
    response = anyone.get("/health", headers={"X-Request-ID": offered})

    assert response.headers["X-Request-ID"] == offered


@pytest.mark.parametrize("offered", ["", " ", "a b", "x" * 129, "é", "<script>", "a;b", "a\tb"])
def test_any_other_is_replaced(anyone: Caller, offered: str) -> None:
    made = anyone.get("/health", headers={"X-Request-ID": offered}).headers["X-Request-ID"]

    assert made not in ("", offered)


def test_each_request_gets_its_own(anyone: Caller) -> None:
    assert len({anyone.get("/health").headers["X-Request-ID"] for _ in range(5)}) == 5


@pytest.mark.parametrize("path", ["/nothing", "/assistants/list", "/auth/login"])
def test_errors_have_one_too(anyone: Caller, path: str) -> None:
    assert anyone.get(path, headers={"X-Request-ID": "abc"}).headers["X-Request-ID"] == "abc"


def test_every_log_line_of_a_request_has_it(anyone: Caller, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[tuple[str, str]] = []

    def see(record: logging.LogRecord) -> bool:
        seen.append((request_id.get(), record.getMessage()))
        return True

    caplog.handler.addFilter(see)
    with caplog.at_level(logging.INFO, logger="app.routes.request_ids"):
        anyone.get("/health", headers={"X-Request-ID": "abc"})
    caplog.handler.removeFilter(see)

    ((seen_id, message),) = seen
    assert seen_id == "abc"
    assert message.startswith("GET /health 200")


def test_a_path_cannot_forge_a_log_line(anyone: Caller, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="app.routes.request_ids"):
        anyone.get("/x%0aINFO%20all%20is%20well%1b[2J")

    (message,) = caplog.messages
    assert message.startswith("GET /x%0AINFO%20all%20is%20well%1B%5B2J 404")


def test_a_log_line_tells_no_query_and_no_credentials(ana: Caller, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="app"):
        ana.get("/chats/list?channel_id=5513988593464")

    assert "5513988593464" not in caplog.text
    assert ana.headers["Authorization"] not in caplog.text


@pytest.mark.parametrize("channel", ["+5513988593464", "%2B5513988593464", "maria@example.com"])
def test_a_log_line_tells_no_channel_in_the_path(
    ana: Caller, caplog: pytest.LogCaptureFixture, channel: str
) -> None:
    with caplog.at_level(logging.INFO, logger="app"):
        ana.put(f"/chats/desativar/{channel}")
        ana.get(f"/chats/get/{UNKNOWN_ID}")

    first, second = caplog.messages
    assert first.startswith("PUT /chats/desativar/<chat_or_channel_id> 404")
    assert second.startswith(f"GET /chats/get/{UNKNOWN_ID} 404")


def test_a_log_line_tells_no_channel_where_the_method_or_the_route_is_wrong(
    ana: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="app"):
        ana.get("/chats/desativar/maria@example.com")
        ana.put("/chats/desligar/maria@example.com/agora")

    first, second = caplog.messages
    assert first.startswith("GET /chats/desativar/<more> 405")
    assert second.startswith("PUT /chats/desligar/<more> 404")
