"""The page asks for all modules of the inbox at once, and does not find them one import after the other."""

import re
from pathlib import Path

_DASHBOARD = Path(__file__).parents[3] / "app" / "dashboard"
_IMPORTS = re.compile(r'^(?:import|export)\s(?:[^"]*?from\s)?"(\.[^"]+)"', re.MULTILINE)


def _with_imports(*first: str) -> set[str]:
    """These modules with all that they import, by their paths in the dashboard's folder."""
    found: set[str] = set()
    waiting = list(first)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            file = _DASHBOARD / name
            paths = ((file.parent / one).resolve() for one in _IMPORTS.findall(file.read_text()))
            waiting += [path.relative_to(_DASHBOARD).as_posix() for path in paths]
    return found


def test_the_inbox_is_preloaded_and_nothing_else() -> None:
    preloaded = re.findall(r'rel="modulepreload" href="([^"]+)"', (_DASHBOARD / "index.html").read_text())

    assert preloaded == sorted(_with_imports("main.js", "inbox/screen.js") - {"main.js"})
