import pytest

from app.llm.config import ModelConfig


@pytest.mark.parametrize(("fallbacks", "seconds"), [((), 15), (("b",), 7.5), (("b", "c"), 5)])
def test_patience_is_half_a_fair_share_of_the_timeout(fallbacks: tuple[str, ...], seconds: float) -> None:
    assert ModelConfig("a", fallback_models=fallbacks, timeout_seconds=30).patience_seconds == seconds


def test_a_key_does_not_show_in_a_printed_configuration() -> None:
    assert "sk-1" not in repr(ModelConfig("m", api_key="sk-1"))
