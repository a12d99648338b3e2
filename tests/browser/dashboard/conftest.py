"""The shop of all tests of this folder, and the browsers of those who visit it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.dashboard.shop import Shop, open_shop
from tests.browser.dashboard.visitor import Visitor


@pytest.fixture(scope="session")
def shop(bundled_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The shop, for all tests of this folder; each has customers of its own."""
    with open_shop(tmp_path_factory.mktemp("dashboard"), bundled_models) as shop:
        yield shop


@pytest.fixture(params=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> str:
    """Both sizes, one after the other."""
    return str(request.param)


@pytest.fixture
def visitors(browser: Browser, shop: Shop) -> Iterator[Any]:
    """Opens browsers; at the end none of their pages has failed."""
    opened: list[Visitor] = []

    def visit(size: str = "desktop", theme: str = "light") -> Visitor:
        opened.append(Visitor(browser, shop, size, theme))
        return opened[-1]

    yield visit
    for one in opened:
        one.context.close()
    assert [failure for one in opened for failure in one.failures] == []
