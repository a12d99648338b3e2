"""How soon webhooks are answered while the model takes its time."""

from collections.abc import Callable
from pathlib import Path
from statistics import quantiles

import pytest

from tests.e2e.service import running
from tests.fakes.graph_server import GraphServer
from tests.stress.model import RecordingModel
from tests.stress.posting import Plan, post_all

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
    ):
        wanted = graph.channel()
        secrets = {name: wanted.secrets[name] for name in ("access_token", "app_secret")}
        channel = {"assistant_id": service.make_assistant()["_id"], "kind": "whatsapp_cloud", "name": "Loja"}
        added = service.http.post("/channels/add", json={**channel, **wanted.options, **secrets}).json()
        url = f"{service.url}/webhooks/{added['webhook_url'].rpartition('/')[2]}"
        seconds = post_all(Plan(url, graph.app_secret, WEBHOOKS_PER_SECOND, SECONDS))
    percentiles = quantiles(seconds, n=100)
    figures = {f"p{one}_ms": round(1000 * percentiles[one - 1], 1) for one in (50, 95, 99)}
    load = {"webhooks_a_second": WEBHOOKS_PER_SECOND, "model_seconds": MODEL_SECONDS, "answered": len(graph.sent)}
    record_property("channel_webhooks", {**load, **figures, "max_ms": round(1000 * max(seconds), 1)})
    assert max(seconds) < 1
    assert percentiles[98] <= MOST_P99_SECONDS
