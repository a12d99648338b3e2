"""What of Evolution's webhooks is not stored."""

import json

import pytest

from app.channels.evolution.parsing import parsed
from app.channels.evolution.redaction import redacted
from tests.unit.channels.evolution.webhooks import record, webhook


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        redacted(body)
    assert list(parsed(body)) == []


def test_keys_tokens_codes_and_files_are_not_stored() -> None:
    audio = {"audioMessage": {"ptt": True, "jpegThumbnail": "thumb"}, "base64": "SECRETFILE"}
    body = webhook(
        "messages.upsert", record(audio) | {"token": "SECRETTOKEN", "instanceData": {"Token": "SECRET2"}}
    )
    code = webhook(
        "qrcode.updated", {"qrcode": {"base64": "SECRETCODE", "code": "SECRETCODE", "pairingCode": "SECRET"}}
    )

    for stored in (redacted(body), redacted(code)):
        assert b"B6D711FC" not in stored
        assert b"SECRET" not in stored
        assert not {"apikey", "token"} & set(json.loads(stored))
    assert parsed(redacted(body)) == parsed(body)
    assert parsed(redacted(code)) == parsed(code)
