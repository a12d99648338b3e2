from typing import Any

import pytest

from app.net.outgoing_proxies import DIRECT, Proxies
from app.settings import load_settings
from app.wiring.engines import proxies_of

OWN, HTTP, HTTPS = "http://own:1", "http://plain:2", "http://secure:3"
ENVIRONMENT = {"http_proxy": HTTP, "https_proxy": HTTPS, "no_proxy": ("a",)}


@pytest.mark.parametrize(
    ("values", "proxies"),
    [
        ({}, DIRECT),
        (ENVIRONMENT, Proxies(HTTP, HTTPS, ("a",))),
        ({**ENVIRONMENT, "outgoing_proxy": OWN}, Proxies(OWN, OWN, ("a",))),
        ({**ENVIRONMENT, "outgoing_proxy": "none"}, DIRECT),
        ({"https_proxy": HTTPS}, Proxies(None, HTTPS)),
    ],
)
def test_an_own_proxy_wins_over_those_of_the_environment(
    values: dict[str, Any], proxies: Proxies, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "OUTGOING_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)

    assert proxies_of(load_settings(None, mongodb_uri=None, **values)) == proxies
