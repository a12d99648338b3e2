"""The Evolution adapter against a server that behaves as Evolution API v2 does, faults included."""

import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.channels.evolution.adapter import Evolution
from app.channels.evolution.setup import EVENTS, QrCode
from app.domain.channels import (
    AssistantChannel,
    ChannelCheck,
    ChannelEvent,
    ChannelKind,
    DeliveryState,
    ErrorAction,
    EventKind,
    MediaKind,
    MediaReference,
    OutgoingPart,
    ProviderError,
    WebhookRequest,
    WrongSignatureError,
)
from app.net.provider_client import ProviderClient
from app.services.ports.channels import ChannelAdapter, ChannelHistory, ChannelSetup
from tests.fakes.evolution_server import PNG, EvolutionServer, Fault
from tests.fakes.webhook_receiver import Received, WebhookReceiver, answer

MARIA = "5531987654321@s.whatsapp.net"
LID = "123456789012345@lid"
PART = OutgoingPart("part-1", MARIA, "Bom dia!")
HELLO = {"conversation": "Olá"}
VOICE = MediaReference(MediaKind.VOICE, "3A01")


@pytest.fixture
def server() -> Iterator[EvolutionServer]:
    with EvolutionServer() as server:
        server.add("loja 1")
        yield server


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def evolution() -> Evolution:
    return Evolution(ProviderClient(allow_private=True), most_media_bytes=300_000)


@pytest.fixture(scope="module")
def hurried() -> Evolution:
    return Evolution(ProviderClient(allow_private=True, timeout_seconds=0.7))


@pytest.fixture
def channel(server: EvolutionServer) -> AssistantChannel:
    return AssistantChannel(
        id="c1",
        assistant_id="a1",
        owner_id="o1",
        kind=ChannelKind.EVOLUTION,
        name="Loja",
        webhook_id="wh_abc",
        created_at=datetime.now(UTC),
        options={"base_url": server.url + "/", "instance": "loja 1"},
        secrets={"api_key": server.api_key, "webhook_secret": "a-secret-that-nobody-guesses"},
    )


def failure(evolution: Evolution, channel: AssistantChannel, part: OutgoingPart = PART) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        evolution.send(channel, part)
    return caught.value


def with_options(channel: AssistantChannel, **options: str) -> AssistantChannel:
    return replace(channel, options={**channel.options, **options})


def by_name(checks: list[ChannelCheck]) -> Mapping[str, ChannelCheck]:
    return {check.name: check for check in checks}


def request_of(received: Received) -> WebhookRequest:
    return WebhookRequest("POST", received.headers, {}, received.body)


def events_of(evolution: Evolution, channel: AssistantChannel, received: Received) -> list[ChannelEvent]:
    """As the inbox does it: verified, redacted, and then parsed."""
    assert evolution.verify(channel, request_of(received)) == ""
    return list(evolution.parse(channel, evolution.redacted(received.body)))


def just_now() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=5)


def test_it_is_an_adapter(evolution: Evolution) -> None:
    adapter: ChannelAdapter = evolution
    setup: ChannelSetup = evolution
    history: ChannelHistory = evolution

    assert adapter.longest_text == 4096
    assert adapter.window_hours is None
    assert callable(setup.connect)
    assert callable(history.since)


# Setting up


def test_connecting_sets_the_webhook_with_a_secret_and_needed_events_only(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    evolution.connect(channel, "https://bot.example.com/webhooks/wh_abc")
    evolution.connect(channel, "https://bot.example.com/webhooks/wh_abc")

    assert server.instances["loja 1"].webhook == {
        "enabled": True,
        "url": "https://bot.example.com/webhooks/wh_abc",
        "headers": {"X-Webhook-Secret": channel.secrets["webhook_secret"]},
        "events": list(EVENTS),
        "webhookByEvents": False,
        "webhookBase64": False,
    }
    assert "/instance/create" not in [path for _, path, _ in server.requests]


def test_disconnecting_switches_the_own_webhook_off_and_no_other(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    evolution.connect(channel, f"https://bot.example.com/webhooks/{channel.webhook_id}")
    evolution.disconnect(channel)
    assert (server.instances["loja 1"].webhook or {})["enabled"] is False

    evolution.connect(channel, "https://bot.example.com/webhooks/another")
    evolution.disconnect(channel)
    assert (server.instances["loja 1"].webhook or {})["enabled"] is True


def test_an_instance_that_is_not_there_is_created(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    new = with_options(channel, instance="Ação & Cia")
    evolution.connect(new, "https://bot.example.com/webhooks/wh_abc")

    assert server.instances["Ação & Cia"].webhook is not None
    assert evolution.state(new) == "close"


def test_an_instances_own_key_serves_but_creates_none(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    server.add("another")
    token = server.instances["loja 1"].token
    own = replace(channel, secrets={**channel.secrets, "api_key": token})
    evolution.connect(own, "https://bot.example.com/webhooks/wh_abc")

    assert [one.name for one in evolution.instances(own)] == ["loja 1"]
    with pytest.raises(ProviderError) as caught:
        evolution.connect(with_options(own, instance="new"), "https://bot.example.com/webhooks/wh_abc")
    assert caught.value.action is ErrorAction.PAUSE


def test_no_webhook_is_set_without_a_secret(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    with pytest.raises(ProviderError) as caught:
        evolution.connect(
            replace(channel, secrets={"api_key": server.api_key}), "https://bot.example.com/webhooks/wh_abc"
        )

    assert caught.value.code == "no_webhook_secret"
    assert server.instances["loja 1"].webhook is None


def test_instances_are_listed_without_their_tokens(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    server.add("other", "close")
    found = evolution.instances(channel)

    assert [(one.name, one.state, one.phone) for one in found] == [
        ("loja 1", "open", "5511900000000"),
        ("other", "close", None),
    ]
    assert server.instances["loja 1"].token not in repr(found)


def test_a_qr_code_comes_a_moment_after_it_was_asked_for(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    server.instances["loja 1"].state = "close"
    with pytest.raises(ProviderError) as caught:
        evolution.qr_code(channel)
    assert (caught.value.action, caught.value.retry_after) == (ErrorAction.RETRY, 3)

    assert evolution.qr_code(channel) == QrCode(PNG)
    server.instances["loja 1"].state = "open"
    assert evolution.qr_code(channel) is None


# Webhooks


def test_webhooks_come_verified_and_without_keys(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel, receiver: WebhookReceiver
) -> None:
    evolution.connect(channel, receiver.url("/webhooks/wh_abc"))
    sent = server.receive("loja 1", HELLO, LID, key_remoteJidAlt=MARIA)

    (received,) = receiver.wait_for(1, "/webhooks/wh_abc")
    (event,) = events_of(evolution, channel, received)
    assert (event.kind, event.remote_id, event.contact) == (EventKind.MESSAGE, sent["key"]["id"], LID)
    assert (event.text, len(event.aliases)) == ("Olá", 2)
    assert server.instances["loja 1"].token.encode() in received.body
    assert server.instances["loja 1"].token.encode() not in evolution.redacted(received.body)


def test_a_path_for_each_event_does_no_harm(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel, receiver: WebhookReceiver
) -> None:
    evolution.connect(channel, receiver.url("/webhooks/wh_abc"))
    webhook = server.instances["loja 1"].webhook
    assert webhook is not None
    webhook["webhookByEvents"] = True
    server.receive("loja 1", HELLO, MARIA)

    (received,) = receiver.wait_for(1, "/webhooks/wh_abc/messages-upsert")
    assert events_of(evolution, channel, received)[0].text == "Olá"


def test_a_wrong_or_missing_secret_is_refused(evolution: Evolution, channel: AssistantChannel) -> None:
    secret = channel.secrets["webhook_secret"]
    without = replace(channel, secrets={"api_key": "k"})
    for where, method, headers in (
        (channel, "POST", {}),
        (channel, "POST", {"x-webhook-secret": ""}),
        (channel, "POST", {"x-webhook-secret": secret + "x"}),
        (channel, "POST", {"x-webhook-secret": "é"}),
        (channel, "GET", {"x-webhook-secret": secret}),
        (without, "POST", {"x-webhook-secret": ""}),
        (without, "POST", {}),
    ):
        with pytest.raises(WrongSignatureError):
            evolution.verify(where, WebhookRequest(method, headers, {}, b"{}"))


def test_evolution_tries_again_while_the_store_is_down_but_not_after_a_404(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel, receiver: WebhookReceiver
) -> None:
    evolution.connect(channel, receiver.url("/webhooks/wh_abc"))
    receiver.behaviours["/webhooks/wh_abc"] = answer("503 Service Unavailable")
    server.retry_seconds = 0.01
    server.receive("loja 1", HELLO, MARIA)
    assert len(receiver.received) == 10
    assert len({event.remote_id for got in receiver.received for event in events_of(evolution, channel, got)}) == 1

    receiver.behaviours["/webhooks/wh_abc"] = answer("404 Not Found")
    server.receive("loja 1", HELLO, MARIA)
    assert len(receiver.received) == 11


# Sending


def test_a_part_is_sent_to_the_id_that_came_in(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    for recipient in (MARIA, LID):
        remote_id = evolution.send(channel, OutgoingPart("p", recipient, "Oi"))
        record = next(one for one in server.instances["loja 1"].messages if one["key"]["id"] == remote_id)
        assert record["key"]["remoteJid"] == recipient
        assert record["message"] == {"conversation": "Oi"}


def test_our_own_message_comes_back_as_an_echo_with_its_id_and_statuses(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel, receiver: WebhookReceiver
) -> None:
    evolution.connect(channel, receiver.url("/webhooks/wh_abc"))
    remote_id = evolution.send(channel, PART)
    receiver.wait_for(1, "/webhooks/wh_abc")
    server.advance("loja 1", remote_id, "SERVER_ACK", "DELIVERY_ACK", "READ")

    found = [event for got in receiver.received for event in events_of(evolution, channel, got)]
    assert {event.remote_id for event in found} == {remote_id}
    assert [event.kind for event in found] == [EventKind.ECHO, *[EventKind.STATUS] * 3]
    assert [event.status for event in found[1:]] == [
        DeliveryState.ACCEPTED,
        DeliveryState.DELIVERED,
        DeliveryState.READ,
    ]


@pytest.mark.parametrize(
    ("fault", "action"),
    [
        (Fault.ERROR_IN_200, ErrorAction.LOOK),
        (Fault.HTML, ErrorAction.LOOK),
        (Fault.EMPTY, ErrorAction.LOOK),
        (Fault.HANG_UP, ErrorAction.LOOK),
        (Fault.TIME_OUT, ErrorAction.LOOK),
        (Fault.TIME_OUT_AFTER, ErrorAction.LOOK),
        (Fault.BAD_GATEWAY, ErrorAction.LOOK),
        (Fault.NO_BACKEND, ErrorAction.RETRY),
        (Fault.BUSY, ErrorAction.RETRY),
    ],
)
def test_what_goes_wrong_is_to_be_retried_only_where_nothing_was_sent(
    hurried: Evolution, server: EvolutionServer, channel: AssistantChannel, fault: Fault, action: ErrorAction
) -> None:
    server.misbehave("/message/sendText", fault)
    error = failure(hurried, channel)

    assert error.action is action
    assert server.api_key not in f"{error.message}{error.code}"
    assert hurried.send(channel, PART)


def test_a_server_that_is_down_is_retried(evolution: Evolution, channel: AssistantChannel) -> None:
    with EvolutionServer() as gone:
        url = gone.url

    error = failure(evolution, with_options(channel, base_url=url))
    assert (error.action, error.code) == (ErrorAction.RETRY, "unreachable")


def test_a_key_that_was_revoked_and_an_instance_that_is_gone_pause_the_channel(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    gone = failure(evolution, with_options(channel, instance="other"))
    server.api_key = "another"
    revoked = failure(evolution, channel)

    assert (gone.action, gone.code) == (ErrorAction.PAUSE, "instance_missing")
    assert (revoked.action, revoked.code) == (ErrorAction.PAUSE, "api_key_refused")


def test_a_number_that_is_not_on_whatsapp_fails(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    server.not_on_whatsapp.add(MARIA)
    error = failure(evolution, channel)

    assert (error.action, error.code) == (ErrorAction.FAIL, "not_on_whatsapp")


@pytest.mark.parametrize(("state", "dead"), [("open", True), ("close", False)])
def test_a_phone_that_is_not_there_is_waited_for(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel, state: str, dead: bool
) -> None:
    server.instances["loja 1"].state, server.instances["loja 1"].dead = state, dead
    error = failure(evolution, channel)

    assert (error.action, error.code) == (ErrorAction.RETRY, "disconnected")


def test_a_text_of_blanks_fails_alone(evolution: Evolution, channel: AssistantChannel) -> None:
    assert failure(evolution, channel, replace(PART, text=" ")).action is ErrorAction.FAIL


def test_a_private_server_is_asked_only_where_that_is_allowed(
    server: EvolutionServer, channel: AssistantChannel
) -> None:
    error = failure(Evolution(ProviderClient()), channel)
    https = failure(Evolution(ProviderClient()), with_options(channel, base_url="https://127.0.0.1:8443"))

    assert (error.action, error.code) == (ErrorAction.PAUSE, "not_https")
    assert (https.action, https.code) == (ErrorAction.PAUSE, "address_refused")
    assert server.requests == []


# After an open time-out


def test_what_was_sent_is_found_after_a_time_out(
    hurried: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    since = datetime.now(UTC)
    server.misbehave("/message/sendText", Fault.TIME_OUT_AFTER)
    failure(hurried, channel)

    assert hurried.was_sent(channel, PART, since) == server.instances["loja 1"].messages[-1]["key"]["id"]


def test_what_was_not_sent_is_not_found(
    hurried: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    since = datetime.now(UTC)
    server.misbehave("/message/sendText", Fault.TIME_OUT)
    failure(hurried, channel)

    assert hurried.was_sent(channel, PART, since) is None


def test_other_texts_other_people_earlier_messages_and_known_ones_are_not_it(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    now = int(time.time())
    server.write_on_phone("loja 1", {"conversation": "Boa noite!"}, MARIA)
    server.write_on_phone("loja 1", {"conversation": PART.text}, "5531911112222@s.whatsapp.net")
    server.write_on_phone("loja 1", {"conversation": PART.text}, MARIA, messageTimestamp=now - 600)
    server.receive("loja 1", {"conversation": PART.text}, MARIA)
    known = evolution.send(channel, PART)

    assert evolution.was_sent(channel, PART, just_now(), {known}) is None
    assert evolution.was_sent(channel, PART, just_now()) == known


@pytest.mark.parametrize(
    ("recipient", "jid", "alternative"),
    [
        ("5531987654321@s.whatsapp.net", "553187654321@s.whatsapp.net", None),
        ("5531987654321", "553187654321@s.whatsapp.net", None),
        (LID, "5531987654321@s.whatsapp.net", LID),
        ("5531987654321@s.whatsapp.net", LID, "5531987654321@s.whatsapp.net"),
    ],
)
def test_a_recipient_is_known_by_each_of_its_ids(
    evolution: Evolution,
    server: EvolutionServer,
    channel: AssistantChannel,
    recipient: str,
    jid: str,
    alternative: str | None,
) -> None:
    sent = server.write_on_phone("loja 1", {"conversation": PART.text}, jid, key_remoteJidAlt=alternative)

    assert evolution.was_sent(channel, replace(PART, recipient=recipient), just_now()) == sent["key"]["id"]


def test_landlines_have_no_ninth_digit(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    server.write_on_phone("loja 1", {"conversation": PART.text}, "553133334444@s.whatsapp.net")
    part = replace(PART, recipient="5531933334444@s.whatsapp.net")

    assert evolution.was_sent(channel, part, just_now()) is None


@pytest.mark.parametrize("fault", [Fault.HTML, Fault.EMPTY, Fault.ERROR_IN_200, Fault.BAD_GATEWAY, Fault.TIME_OUT])
def test_where_it_cannot_be_found_out_nothing_is_claimed(
    hurried: Evolution, server: EvolutionServer, channel: AssistantChannel, fault: Fault
) -> None:
    server.misbehave("/chat/findMessages", fault)

    with pytest.raises(ProviderError):
        hurried.was_sent(channel, PART, just_now())


# History


def test_lost_webhooks_are_made_up_for(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel, receiver: WebhookReceiver
) -> None:
    evolution.connect(channel, receiver.url("/webhooks/wh_abc"))
    server.lose_webhooks = True
    now = int(time.time())
    server.receive("loja 1", {"conversation": "before"}, MARIA, messageTimestamp=now - 900)
    second = server.receive("loja 1", {"conversation": "second"}, MARIA, messageTimestamp=now - 10)
    first = server.receive("loja 1", {"conversation": "first"}, MARIA, messageTimestamp=now - 20)
    server.receive("loja 1", {"conversation": "group"}, "12@g.us")
    phone = server.write_on_phone("loja 1", {"conversation": "third"}, MARIA)
    server.advance("loja 1", phone["key"]["id"], "SERVER_ACK", "READ", "DELIVERY_ACK")

    found = evolution.since(channel, datetime.fromtimestamp(now - 60, UTC))
    assert receiver.received == []
    assert [(event.kind, event.remote_id) for event in found] == [
        (EventKind.MESSAGE, first["key"]["id"]),
        (EventKind.MESSAGE, second["key"]["id"]),
        (EventKind.ECHO, phone["key"]["id"]),
        (EventKind.STATUS, phone["key"]["id"]),
    ]
    assert found[-1].status is DeliveryState.READ


def test_history_has_the_same_events_as_the_webhooks(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel, receiver: WebhookReceiver
) -> None:
    evolution.connect(channel, receiver.url("/webhooks/wh_abc"))
    server.receive("loja 1", {"audioMessage": {"ptt": True}}, LID, key_remoteJidAlt=MARIA)
    (received,) = receiver.wait_for(1, "/webhooks/wh_abc")

    assert list(evolution.since(channel, just_now())) == events_of(evolution, channel, received)


def test_all_pages_are_read_and_odd_records_left_out(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    now = int(time.time())
    for n in range(120):
        server.receive("loja 1", {"conversation": str(n)}, MARIA, messageTimestamp=now - 120 + n)
    server.receive("loja 1", HELLO, "", key_id=None)

    found = evolution.since(channel, datetime.fromtimestamp(now - 200, UTC))
    assert [event.text for event in found] == [str(n) for n in range(120)]


def test_of_too_many_messages_the_oldest_come_without_a_gap(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    now = int(time.time())
    for n in range(2500):
        server.receive("loja 1", {"conversation": str(n)}, MARIA, messageTimestamp=now - 2500 + n)

    found = evolution.since(channel, datetime.fromtimestamp(now - 2600, UTC))
    assert 1000 < len(found) <= 2000
    assert [event.text for event in found] == [str(n) for n in range(len(found))]


def test_a_database_without_messages_has_no_history(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    assert evolution.since(channel, just_now()) == []


# Files


@pytest.mark.parametrize("size", [0, 1, 2, 3, 1000, 299_999, 300_000])
def test_a_file_comes_whole_and_in_pieces(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel, size: int
) -> None:
    server.instances["loja 1"].files["3A01"] = content = os.urandom(size)

    assert b"".join(evolution.fetch_media(channel, VOICE)) == content


def test_a_file_that_is_too_large_is_not_read_to_its_end(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    for size in (300_001, 3_000_000):
        server.instances["loja 1"].files["3A01"] = os.urandom(size)
        pieces: list[bytes] = []
        with pytest.raises(ProviderError) as caught:
            pieces.extend(evolution.fetch_media(channel, VOICE))
        assert (caught.value.action, caught.value.code) == (ErrorAction.FAIL, "too_large")
        assert len(b"".join(pieces)) <= 300_000


@pytest.mark.parametrize(
    ("fault", "action"),
    [
        (None, ErrorAction.FAIL),
        (Fault.HTML, ErrorAction.FAIL),
        (Fault.EMPTY, ErrorAction.FAIL),
        (Fault.BAD_GATEWAY, ErrorAction.RETRY),
    ],
)
def test_a_file_that_is_not_to_be_had(
    evolution: Evolution,
    server: EvolutionServer,
    channel: AssistantChannel,
    fault: Fault | None,
    action: ErrorAction,
) -> None:
    if fault:
        server.misbehave("/chat/getBase64FromMediaMessage", fault)
    with pytest.raises(ProviderError) as caught:
        list(evolution.fetch_media(channel, VOICE))

    assert caught.value.action is action


# Health


def test_everything_is_well(evolution: Evolution, server: EvolutionServer, channel: AssistantChannel) -> None:
    evolution.connect(channel, "https://bot.example.com/webhooks/wh_abc")
    server.receive("loja 1", HELLO, MARIA)
    checks = list(evolution.health(replace(channel, last_in_at=datetime.now(UTC))))

    assert [check.name for check in checks] == [
        *("server", "api_key", "instance", "whatsapp", "whatsapp_answers", "webhook", "database"),
    ]
    assert all(check.ok and check.cause is None and check.remedy is None for check in checks), checks


def test_open_is_not_believed_of_a_dead_connection(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    server.instances["loja 1"].dead = True
    checks = by_name(list(evolution.health(channel)))

    assert evolution.state(channel) == "open"
    assert checks["whatsapp"].ok
    assert not checks["whatsapp_answers"].ok
    assert checks["whatsapp_answers"].remedy


def test_each_point_that_is_wrong_has_a_cause_and_a_remedy(
    evolution: Evolution, server: EvolutionServer, channel: AssistantChannel
) -> None:
    evolution.connect(channel, "https://bot.example.com/webhooks/wh_abc")
    webhook = server.instances["loja 1"].webhook
    assert webhook is not None
    server.instances["loja 1"].state = "connecting"
    for name, value in (
        ("enabled", False),
        ("url", "https://elsewhere.example.com/"),
        ("headers", {"X-Webhook-Secret": "old"}),
        ("headers", None),
        ("events", ["MESSAGES_UPSERT"]),
    ):
        server.instances["loja 1"].webhook = {**webhook, name: value}
        checks = by_name(list(evolution.health(replace(channel, last_in_at=datetime.now(UTC)))))
        wrong = {check.name for check in checks.values() if not check.ok}
        assert wrong == {"whatsapp", "webhook", "database"}
        assert all(checks[one].cause and checks[one].remedy for one in wrong)
    assert channel.secrets["webhook_secret"] not in repr(checks)

    server.instances["loja 1"].webhook = None
    assert not by_name(list(evolution.health(channel)))["webhook"].ok


@pytest.mark.parametrize(
    ("fault", "options", "api_key", "wrong"),
    [
        (Fault.HTML, {}, None, "server"),
        (Fault.HANG_UP, {}, None, "server"),
        (None, {"base_url": "http://127.0.0.1:9"}, None, "server"),
        (None, {}, "wrong", "api_key"),
        (None, {"instance": "other"}, None, "instance"),
    ],
)
def test_the_first_point_that_fails_is_the_last_that_is_asked(
    evolution: Evolution,
    server: EvolutionServer,
    channel: AssistantChannel,
    fault: Fault | None,
    options: dict[str, str],
    api_key: str | None,
    wrong: str,
) -> None:
    if fault:
        server.misbehave("/instance/connectionState", fault)
    secrets = {**channel.secrets, **({"api_key": api_key} if api_key else {})}
    *before, last = evolution.health(replace(with_options(channel, **options), secrets=secrets))

    assert (last.name, last.ok) == (wrong, False)
    assert last.cause
    assert last.remedy
    assert all(check.ok for check in before)


def test_the_fake_checks_requests_as_strictly(server: EvolutionServer, channel: AssistantChannel) -> None:
    client = ProviderClient(allow_private=True)
    key = {"apikey": server.api_key}
    for path, body, status in (
        ("/message/sendText/loja%201", {"number": MARIA}, 400),
        ("/message/sendText/loja%201", {"number": 5, "text": "x"}, 400),
        ("/message/sendMedia/loja%201", {"number": MARIA, "mediatype": "gif", "media": "x"}, 400),
        ("/message/sendMedia/loja%201", {"number": "5531987654321", "mediatype": "image", "media": "x"}, 201),
        ("/webhook/set/loja%201", {"webhook": {"enabled": True, "url": "x", "events": ["MESSAGES"]}}, 400),
        ("/chat/markMessageAsRead/loja%201", {"readMessages": [{"id": "1", "remoteJid": MARIA}]}, 400),
        (
            "/chat/markMessageAsRead/loja%201",
            {"readMessages": [{"id": "1", "fromMe": False, "remoteJid": MARIA}]},
            201,
        ),
        ("/instance/create", {"instanceName": "loja 1", "integration": "WHATSAPP-BAILEYS"}, 403),
        ("/message/sendNothing/loja%201", {}, 404),
    ):
        response = client.request("POST", server.url + path, headers=key, body=body)
        assert response.status == status, json.loads(response.body)
    assert server.instances["loja 1"].messages[-1]["key"]["remoteJid"] == "553187654321@s.whatsapp.net"
    assert client.request("GET", server.url + "/instance/fetchInstances").status == 401
