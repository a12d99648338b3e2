"""Every error that the service can answer with has a sentence of the dashboard's own."""

import json
import re
from pathlib import Path

_PROJECT = Path(__file__).parents[3]
_CODE = re.compile(
    r'\bcode="(\w+)"|^    code = "(\w+)"|^    \d{3}: \("(\w+)"|^WINDOW_CLOSED = \(\s*"(\w+)"', re.MULTILINE
)
# Of commands and of the start of the service; no request is answered with them.
_NEVER_ANSWERED = {
    *("error", "model_setup", "database_failed", "database_in_use", "embedding_model", "archive_failed"),
    *("mail_refused", "mail_unavailable"),
}


def test_every_code_has_a_sentence() -> None:
    sources = "\n".join(file.read_text() for file in sorted((_PROJECT / "app").rglob("*.py")))
    codes = {code for found in _CODE.findall(sources) for code in found if code} - _NEVER_ANSWERED
    texts = json.loads((_PROJECT / "app" / "dashboard" / "i18n" / "pt.json").read_text())
    sentences = {key.removeprefix("error.") for key in texts if key.startswith("error.")}

    assert {"not_found", "internal_error", "window_closed", "busy", "provider_refused"} <= codes
    assert not codes - sentences
    assert sentences - codes == {"network", "unknown"}
