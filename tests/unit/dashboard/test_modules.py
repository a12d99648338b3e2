"""The page names the modules of its first screen, so that browsers load them at once and not one after the other."""

import re
from pathlib import Path

_DASHBOARD = Path(__file__).parents[3] / "app" / "dashboard"
_IMPORT = re.compile(r"""^import (?:[^;]*? from )?"(\.[^"]+)\"""", re.MULTILINE)
_MOST_LINES = 200


def _reached(*names: str) -> set[Path]:
    found: set[Path] = set()
    waiting = [_DASHBOARD / name for name in names]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += [(module.parent / name).resolve() for name in _IMPORT.findall(module.read_text())]
    return found


def test_the_page_loads_all_modules_of_the_inbox_at_once() -> None:
    page = (_DASHBOARD / "index.html").read_text()
    named = re.findall(r'rel="modulepreload" href="([^"]+)"', page)

    assert {_DASHBOARD / name for name in named} == _reached("main.js", "inbox/screen.js") - {
        _DASHBOARD / "main.js"
    }


def test_every_module_is_a_small_room() -> None:
    long = [file.name for file in _DASHBOARD.rglob("*.js") if len(file.read_text().splitlines()) > _MOST_LINES]

    assert not long
