"""How soon webhooks are answered while the model takes its time."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles

import pytest

from tests.e2e.service import running
from tests.fakes.graph_server import GraphServer
from tests.fakes.graph_webhooks import message, of_messages, signature
from tests.stress.model import RecordingModel

pytestmark = [pytest.mark.stress, pytest.mark.timeout(600)]

MODEL_SECONDS = 5
WEBHOOKS_PER_SECOND = 50
SECONDS = 20
MOST_P99_SECONDS = 0.1


def test_webhooks_are_answered_at_once_beside_a_slow_model(
    place: Path, record_property: Callable[[str, object], None]
) -> None:
    model = RecordingModel(MODEL_SECONDS, MODEL_SECONDS)
    with (
        GraphServer() as graph,
        model.served() as settings,
        running(place, ALLOW_PRIVATE_CHANNELS="true", LOG_LEVEL="WARNING", **settings) as service,
        service.http as http,
        ThreadPoolExecutor(64) as threads,
    ):
        wanted = graph.channel()
        secrets = {name: wanted.secrets[name] for name in ("access_token", "app_secret")}
        channel = {"assistant_id": service.make_assistant()["_id"], "kind": "whatsapp_cloud", "name": "Loja"}
        added = http.post("/channels/add", json={**channel, **wanted.options, **secrets}).json()

        def post(number: int) -> float:
            at = str(int(time.time()))
            body = of_messages(message(f"wamid.{number}", "Oi", f"55139{number:08d}", timestamp=at))
            signed = {"X-Hub-Signature-256": signature(body, graph.app_secret)}
            began = time.perf_counter()
            response = http.post(
                "/webhooks/" + added["webhook_url"].rpartition("/")[2], content=body, headers=signed
            )
            assert response.status_code == 200
            return time.perf_counter() - began

        post(0)
        began, posted = time.monotonic(), []
        for number in range(1, WEBHOOKS_PER_SECOND * SECONDS + 1):
            time.sleep(max(0.0, began + number / WEBHOOKS_PER_SECOND - time.monotonic()))
            posted.append(threads.submit(post, number))
        seconds = [one.result() for one in posted]
    percentiles = quantiles(seconds, n=100)
    figures = {"median_ms": round(1000 * percentiles[49], 1), "p99_ms": round(1000 * percentiles[98], 1)}
    load = {"webhooks_a_second": WEBHOOKS_PER_SECOND, "model_seconds": MODEL_SECONDS, "answered": len(graph.sent)}
    record_property("channel_webhooks", {**load, **figures, "max_ms": round(1000 * max(seconds), 1)})
    assert max(seconds) < 1
    assert percentiles[98] <= MOST_P99_SECONDS
