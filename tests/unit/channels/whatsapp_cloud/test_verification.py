"""Who may post to a webhook."""

from datetime import UTC, datetime

import pytest

from app.channels.whatsapp_cloud.verification import PARTNER_HEADER, verified
from app.domain.channels import AssistantChannel, ChannelKind, WebhookRequest, WrongSignatureError
from tests.fakes.graph_webhooks import of_messages, signature

SECRET = "0123456789abcdef0123456789abcdef"
BODY = of_messages()


def channel(*, partner: bool = False, **secrets: str) -> AssistantChannel:
    own = {"app_secret": SECRET, "verify_token": "verify-me", **secrets}
    options = {"auth_header": "D360-API-KEY"} if partner else {}
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return AssistantChannel("c", "a", "u", ChannelKind.WHATSAPP_CLOUD, "Loja", "hook", moment, options, own)


def post(body: bytes = BODY, **headers: str) -> WebhookRequest:
    return WebhookRequest("POST", {name.replace("_", "-"): value for name, value in headers.items()}, {}, body)


def get(**query: str) -> WebhookRequest:
    return WebhookRequest("GET", {}, {f"hub.{name}": value for name, value in query.items()}, b"")


def test_a_signed_body_is_answered_with_nothing() -> None:
    assert verified(channel(), post(x_hub_signature_256=signature(BODY, SECRET))) == ""


def test_the_signature_is_over_the_bytes_as_they_came() -> None:
    body = BODY.replace(b": ", b":  ") + b"\xff"

    assert verified(channel(), post(body, x_hub_signature_256=signature(body, SECRET))) == ""


@pytest.mark.parametrize(
    "given",
    [
        "",
        "sha256=",
        signature(BODY, "another"),
        signature(BODY + b" ", SECRET),
        signature(BODY, SECRET).removeprefix("sha256="),
        signature(BODY, SECRET).upper(),
        "sha256=ÿ",
        "sha256=\ud800",
    ],
)
def test_a_wrong_signature_is_refused(given: str) -> None:
    with pytest.raises(WrongSignatureError):
        verified(channel(), post(x_hub_signature_256=given))


def test_a_missing_signature_is_refused() -> None:
    with pytest.raises(WrongSignatureError):
        verified(channel(), post(x_hub_signature="sha1=0"))


@pytest.mark.parametrize("given", ["", signature(BODY, "")])
def test_without_an_app_secret_nothing_is_taken(given: str) -> None:
    with pytest.raises(WrongSignatureError):
        verified(channel(app_secret=""), post(x_hub_signature_256=given))


def test_metas_challenge_is_given_back() -> None:
    assert (
        verified(channel(), get(mode="subscribe", challenge="1158201444", verify_token="verify-me")) == "1158201444"
    )


@pytest.mark.parametrize(
    "request_",
    [
        get(mode="subscribe", challenge="1", verify_token="wrong"),
        get(mode="subscribe", challenge="1"),
        get(mode="unsubscribe", challenge="1", verify_token="verify-me"),
        get(challenge="1", verify_token="verify-me"),
        get(),
    ],
)
def test_a_challenge_without_the_token_is_refused(request_: WebhookRequest) -> None:
    with pytest.raises(WrongSignatureError):
        verified(channel(), request_)


def test_without_a_verify_token_there_is_no_challenge() -> None:
    with pytest.raises(WrongSignatureError):
        verified(channel(verify_token=""), get(mode="subscribe", challenge="1", verify_token=""))


def test_a_partner_sends_a_secret_header() -> None:
    request = WebhookRequest("POST", {PARTNER_HEADER: "verify-me"}, {}, BODY)

    assert verified(channel(partner=True), request) == ""


@pytest.mark.parametrize("given", ["", "wrong", "verify-me "])
def test_a_partner_without_it_is_refused(given: str) -> None:
    headers = {PARTNER_HEADER: given, "x-hub-signature-256": signature(BODY, SECRET)}
    request = WebhookRequest("POST", headers, {}, BODY)
    with pytest.raises(WrongSignatureError):
        verified(channel(partner=True), request)
    with pytest.raises(WrongSignatureError):
        verified(channel(partner=True, verify_token=""), request)
