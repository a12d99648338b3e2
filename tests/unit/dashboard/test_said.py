"""What the service says of channels and documents in English sentences can be read in the dashboard's languages."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

_APP = Path(__file__).parents[3] / "app"
_I18N = _APP / "dashboard" / "i18n"
_SAYING = [
    *("channels", "routes/schemas/channels.py", "net/provider_client.py"),
    *(f"services/channels/{name}.py" for name in ("part_sender", "windows", "channel_proofs", "media_intake")),
    *("net/reachability.py", "net/page_fetcher.py", "extraction/problems.py", "security/password_rules.py"),
]
_NOT_FOR_PEOPLE = re.compile("A message without a sender|The JSON is nested")
"""What no dashboard is told."""


def _said(language: str) -> dict[str, str]:
    return dict(json.loads((_I18N / f"said-{language}.json").read_text()))


def _sentences(file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text())
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    inner |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        text = _text(node) if id(node) not in inner else ""
        if re.fullmatch(r"[A-Z].* .* .*[.](?:\{\})*", text, re.DOTALL):
            yield text


def _files(place: Path) -> list[Path]:
    return [place] if place.is_file() else list(place.rglob("*.py"))


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_known(text: str, known: list[re.Pattern[str]]) -> bool:
    """As the dashboard looks it up: a known sentence, and after it another or a provider's own words."""
    if text in {"", "{}"}:
        return True
    return any((found := one.fullmatch(text)) and _is_known(found["rest"] or "", known) for one in known)


def test_every_sentence_of_channels_and_documents_is_translated() -> None:
    known = [
        re.compile(".*?".join(map(re.escape, sentence.split("{}"))) + r"(?:\s*(?P<rest>.*))?", re.DOTALL)
        for sentence in _said("pt")
    ]
    files = [file for name in _SAYING for file in _files(_APP / name)]
    sentences = {sentence for file in files for sentence in _sentences(file)}

    assert len(sentences) > 100
    assert not [one for one in sentences if not _NOT_FOR_PEOPLE.match(one) and not _is_known(one, known)]


@pytest.mark.parametrize("language", ["pt", "es"])
def test_translations_have_the_values_of_the_sentence(language: str) -> None:
    texts = _said(language)

    assert texts.keys() == _said("pt").keys()
    assert not [sentence for sentence, text in texts.items() if text.count("{}") != sentence.count("{}")]
