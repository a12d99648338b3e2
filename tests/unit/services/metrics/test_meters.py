"""What the meters tell apart."""

import pytest
from prometheus_client import CollectorRegistry

from app.domain.answers import Answer
from app.domain.conversations import Tokens
from app.services.metrics import Meters


@pytest.mark.parametrize(
    ("model", "label"),
    [("gpt-5", "gpt-5"), ("extractive", "extractive"), (None, "none"), ("anything", "other")],
)
def test_models_are_those_of_the_settings(model: str | None, label: str) -> None:
    registry = CollectorRegistry()
    Meters(registry, ["gpt-5"]).answer(Answer("Oi.", Tokens(3, 4), model), 0.5)

    for direction, count in (("in", 3), ("out", 4)):
        labels = {"model": label, "direction": direction}
        assert registry.get_sample_value("orquestradora_tokens_total", labels) == count
    assert registry.get_sample_value("orquestradora_model_seconds_sum", {"model": label}) == 0.5


def test_invented_methods_and_addresses_are_one() -> None:
    registry = CollectorRegistry()
    meters = Meters(registry, [])
    for method in ("BREW", "WHEN"):
        meters.request(method, None, 404, 0.1)

    labels = {"method": "other", "route": "other", "status": "4xx"}
    assert registry.get_sample_value("orquestradora_requests_total", labels) == 2
