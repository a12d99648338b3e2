"""The documents name what there is."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.security.webhook_signatures import new_webhook_secret, signed_headers

PROJECT = Path(__file__).parents[2]
DOCUMENTS = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), PROJECT / "bench" / "README.md"])

_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
_PATH = re.compile(r"`((?:app|tests|examples|bench|docs)/[\w./-]*|main\.py|Makefile|Dockerfile)`")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as repositories' web pages make them."""
    text = _FENCE.sub("", document.read_text())
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(text)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: str(one.relative_to(PROJECT)))
def test_links_lead_somewhere(document: Path) -> None:
    for link in _LINK.findall(_FENCE.sub("", document.read_text())):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: str(one.relative_to(PROJECT)))
def test_files_that_are_named_are_there(document: Path) -> None:
    named = _PATH.findall(_FENCE.sub("", document.read_text()))

    assert [path for path in named if "/x/" not in path and not (PROJECT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: str(one.relative_to(PROJECT)))
def test_packages_are_named_and_not_linked(document: Path) -> None:
    assert not re.search(r"https?://[\w.]*(pypi\.org|npmjs\.com)", document.read_text())


def test_make_targets_that_are_named_are_there() -> None:
    text = "\n".join(document.read_text() for document in DOCUMENTS)
    makefile = (PROJECT / "Makefile").read_text()

    for target in set(re.findall(r"(?:`|^|… )make ([a-z-]+)", text, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_receiver_in_the_chapter_on_webhooks_checks_and_drops_copies(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (PROJECT / "docs" / "webhooks.md").read_text()
    block = re.search(r"<!-- receiver -->\n```python\n(.*?)```", text, re.DOTALL)
    assert block
    secret, names = new_webhook_secret(), {"__name__": "receiver"}
    monkeypatch.setenv("WEBHOOK_SECRET", secret)
    exec(block[1], names)
    client = names["app"].test_client()  # type: ignore[attr-defined]
    body = '{"type":"message.answered","data":{"_id":"1"}}'
    headers = signed_headers(secret, "msg1", datetime.now(UTC), body)
    forged = signed_headers(new_webhook_secret(), "msg2", datetime.now(UTC), body)

    answers = [client.post("/hooks/orquestradora", data=body, headers=one) for one in (headers, headers, forged)]

    assert [answer.status_code for answer in answers] == [204, 204, 401]
    assert capsys.readouterr().out == "message.answered 1\n"
