"""The dashboard's texts: one file a language, none missing, none left over."""

import json
import re
from pathlib import Path

import pytest

_DASHBOARD = Path(__file__).parents[3] / "app" / "dashboard"
_LANGUAGES = ("pt", "en", "es")
_SOURCE = "\n".join(file.read_text() for file in sorted(_DASHBOARD.rglob("*.js")))
_PUT_TOGETHER = [
    re.compile(re.sub(r"\\\$\\\{.*?\\\}", "[a-z_.]+", re.escape(template)))
    for template in [
        *re.findall(r"\bt\([^`;]*?`([^`]+)`", _SOURCE),
        *(f"{key}.${{form}}" for key in re.findall(r"""\btn\(\s*"([^"]+)\"""", _SOURCE)),
    ]
]
_NAMES = re.compile(r"\{(\w+)\}")


def _texts(language: str) -> dict[str, str]:
    return dict(json.loads((_DASHBOARD / "i18n" / f"{language}.json").read_text()))


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_language_has_every_text(language: str) -> None:
    texts, portuguese = _texts(language), _texts("pt")

    assert texts.keys() == portuguese.keys()
    assert not [key for key, text in texts.items() if not text.strip()]
    assert [sorted(_NAMES.findall(text)) for text in texts.values()] == [
        sorted(_NAMES.findall(text)) for text in portuguese.values()
    ]


def test_every_text_that_is_shown_is_there() -> None:
    plain = set(re.findall(r"""\bt\(\s*"([^"]+)\"""", _SOURCE))
    counted = {
        f"{key}.{form}" for key in re.findall(r"""\btn\(\s*"([^"]+)\"""", _SOURCE) for form in ("one", "other")
    }

    assert not (plain | counted) - _texts("pt").keys()


def test_every_text_is_shown() -> None:
    unused = [key for key in _texts("pt") if not _is_used(key)]

    assert not unused


def _is_used(key: str) -> bool:
    """By its name, or by a name that is put together: `error.${code}`, `setting.${name}.hint`."""
    return f'"{key}"' in _SOURCE or any(pattern.fullmatch(key) for pattern in _PUT_TOGETHER)
