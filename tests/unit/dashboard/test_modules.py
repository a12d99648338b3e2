"""The dashboard's modules are small rooms."""

from pathlib import Path

_DASHBOARD = Path(__file__).parents[3] / "app" / "dashboard"
_MOST_LINES = 200


def test_every_module_is_a_small_room() -> None:
    long = [file.name for file in _DASHBOARD.rglob("*.js") if len(file.read_text().splitlines()) > _MOST_LINES]

    assert not long
