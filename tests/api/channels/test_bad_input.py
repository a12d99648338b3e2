"""What customers, providers and chance do to channels: one test for each line of that list, by the Cloud API.

Files that customers send are tested with the media, private addresses with the provider client and below.
"""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.channels.evolution.adapter import Evolution
from app.channels.whatsapp_cloud.adapter import WhatsAppCloud
from app.domain.channels import ChannelKind
from app.net.provider_client import ProviderClient
from app.wiring.channel_providers import cloud_provider, evolution_provider
from tests.api.channels.conftest import until
from tests.api.channels.test_messages import phone
from tests.api.house import Caller, House, assert_error, open_house
from tests.fakes.database import scratch_database
from tests.fakes.graph_replies import EMPTY, ERROR_IN_200, HANG, HTML, Fault, failing
from tests.fakes.graph_server import GraphServer
from tests.fakes.graph_webhooks import change, contact, message, of_messages, of_statuses, signature, webhook

TIMEOUT_SECONDS = 1.0


@dataclass
class Shop:
    """An assistant with a WhatsApp number."""

    owner: Caller
    assistant_id: str
    graph: GraphServer
    channel: dict[str, Any] = field(default_factory=dict)

    def post(self, body: bytes, signed: str | None = None) -> TestResponse:
        """What Meta posts; signed by the app's secret unless told."""
        path = "/webhooks/" + self.channel["webhook_url"].rpartition("/")[2]
        signed = signature(body, self.graph.app_secret) if signed is None else signed
        headers = {"X-Hub-Signature-256": signed} if signed else {}
        return Caller(self.owner.client.application.test_client()).request("POST", path, data=body, headers=headers)

    def told(self, body: bytes) -> None:
        """Posts a body, which has to be taken within a second."""
        began = time.monotonic()
        assert self.post(body).status_code == 200
        assert time.monotonic() - began < 5

    def chats(self, contact_id: str) -> list[dict[str, Any]]:
        """The chats of a contact, oldest first."""
        query = f"/chats/list?assistant_id={self.assistant_id}&limit=500"
        found = [one for one in self.owner.get(query).json or [] if one["channel"]["id"] == contact_id]
        return found[::-1]

    def handover_reason(self, chat: dict[str, Any]) -> str:
        """What an operator reads of why a chat's conversation is with a person."""
        response = self.owner.get(f"/conversations/get/{chat['conversation_id']}")
        return str((response.json or {})["handover_reason"])

    def sent(self, number: str) -> list[str]:
        """The texts that a number was sent."""
        return [
            body["text"]["body"] for body in self.graph.sent if number in (body.get("to"), body.get("recipient"))
        ]

    def parts(self, state: str) -> list[dict[str, Any]]:
        """The parts of the channel in a state."""
        return list(self.owner.get(f"/outbox/list?channel_id={self.channel['_id']}&state={state}").json or [])

    def is_answered(self, number: str, times: int = 1) -> bool:
        """Whether the number was sent so many answers, waited for."""
        until(lambda: len(self.sent(number)) >= times)
        return len(self.sent(number)) == times


def added(shop: Shop, **changed: str) -> TestResponse:
    wanted = shop.graph.channel()
    fields = {
        **wanted.options,
        **{name: wanted.secrets[name] for name in ("access_token", "app_secret")},
        **changed,
    }
    body = {"assistant_id": shop.assistant_id, "kind": "whatsapp_cloud", "name": "Loja", **fields}
    return shop.owner.post("/channels/add", body)


@pytest.fixture(scope="module")
def whatsapp(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, GraphServer]]:
    client = ProviderClient(allow_private=True, timeout_seconds=TIMEOUT_SECONDS)
    strict = ProviderClient()
    kinds = {
        ChannelKind.WHATSAPP_CLOUD: cloud_provider(WhatsAppCloud(client)),
        ChannelKind.EVOLUTION: evolution_provider(Evolution(strict)),
    }
    with (
        GraphServer() as graph,
        scratch_database(database_uri) as database,
        open_house(database, tmp_path_factory.mktemp("house"), providers=kinds) as house,
    ):
        house.register("Ada", "ada@example.com")
        yield house, graph


@pytest.fixture
def shop(whatsapp: tuple[House, GraphServer]) -> Iterator[Shop]:
    house, graph = whatsapp
    graph.sent.clear()
    graph.faults.clear()
    owner = house.newcomer("Ana")
    made = Shop(owner, owner.make_assistant()["_id"], graph)
    response = added(made)
    assert response.status_code == 201, response.text
    made.channel = dict(response.json or {})
    yield made
    owner.delete(f"/channels/delete/{made.channel['_id']}")


@pytest.mark.parametrize("signed", ["", "sha256=", "sha256=" + "0" * 64, "sha1=abc", "ação", "x" * 5000])
def test_a_wrong_or_missing_signature(shop: Shop, signed: str) -> None:
    answer = shop.post(of_messages(message("w1", "Oi", phone())), signed)

    assert_error(answer, 401, "wrong_signature")


def test_a_body_of_3_mb(shop: Shop) -> None:
    number = phone()
    shop.told(webhook(change(messages=[message("w1", "Oi", number)], padding="x" * 3_000_000)))

    assert shop.is_answered(number)


def test_no_json_or_no_webhook_with_a_right_signature(shop: Shop) -> None:
    for body in (b"{", b"", b"null", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"entry": 7}'):
        shop.told(body)
    shop.told(of_messages(message("w1", "Oi", number := phone())))

    assert shop.is_answered(number)


def test_very_many_messages_in_one_webhook(shop: Shop) -> None:
    """Those of 30 contacts; of 1,000 messages tests/stress has the proof."""
    numbers = [phone() for _ in range(30)]
    shop.told(of_messages(*(message(f"w{one}-{at}", f"{at}", one) for at in range(2) for one in numbers)))

    assert all(shop.is_answered(one, 2) for one in numbers)


def test_the_same_webhook_50_times_at_once(shop: Shop) -> None:
    body = of_messages(message("w1", "Oi", number := phone()))
    with ThreadPoolExecutor(10) as threads:
        assert {one.status_code for one in threads.map(shop.post, [body] * 50)} == {200}

    assert shop.is_answered(number)
    assert len(shop.chats(f"+{number}")) == 1


def test_statuses_before_their_message_in_the_wrong_order_and_of_unknown_ids(shop: Shop) -> None:
    number, now = phone(), str(int(time.time()))
    stranger = {"id": "wamid.nobody", "status": "delivered", "timestamp": now, "recipient_id": number}
    own = [{**stranger, "id": "wamid.1", "status": word} for word in ("read", "sent", "delivered")]

    shop.told(of_statuses(stranger, *own))
    shop.told(of_messages(message("w1", "Oi", number)))
    assert shop.is_answered(number)
    shop.told(of_statuses(*own))

    until(lambda: shop.parts("read"))


def test_an_event_with_only_a_business_scoped_id(shop: Shop) -> None:
    written = message("w1", "Oi")
    del written["from"]
    shop.told(of_messages({**written, "from_user_id": "BR.abc123"}, contacts=[contact("Ana", user_id="BR.abc123")]))

    assert shop.is_answered("BR.abc123")


def test_a_message_without_contacts(shop: Shop) -> None:
    shop.told(of_messages(message("w1", "Oi", number := phone())))

    assert shop.is_answered(number)
    assert shop.chats(f"+{number}")[0]["username"] is None


def test_messages_standby_and_an_unknown_field_mixed(shop: Shop) -> None:
    written, standing_by = phone(), phone()
    shop.told(
        webhook(
            change("business_capability_update", max_daily_conversation_per_phone=7),
            change("standby", messages=[message("w1", "Oi", standing_by)]),
            change(messages=[message("w2", "Oi", written)]),
        )
    )

    assert shop.is_answered(written)
    (chat,) = until(lambda: shop.chats(f"+{standing_by}"))
    assert (chat["response"], chat["active"], shop.sent(standing_by)) == ("", False, [])
    assert "Outro agente" in shop.handover_reason(chat)


def test_times_of_the_future_of_1970_and_none(shop: Shop) -> None:
    times: tuple[Any, ...] = ("0", "1", str(2**33), str(2**63), "-5", "agora", "", None, 1.5, [], "9" * 400)
    said = {phone(): timestamp for timestamp in times}
    shop.told(of_messages(*(message(f"w{one}", "Oi", one, timestamp=said[one]) for one in said)))

    assert all(shop.is_answered(number) for number in said)


def test_texts_of_emoji_nul_and_bidi_marks(shop: Shop) -> None:
    texts = ("😀🥖👩‍👩‍👧‍👦", "\u202eao contrário\u2066", "a\x00b", "\ud800")
    said = {phone(): text for text in texts}
    shop.told(of_messages(*(message(f"w{one}", text, one) for one, text in said.items())))

    assert all(shop.is_answered(number) for number in said)
    kept = [shop.chats(f"+{number}")[0]["message"] for number in said]
    assert kept == ["😀🥖👩‍👩‍👧‍👦", "\u202eao contrário\u2066", "ab", "\ufffd"]


def test_texts_of_65536_characters_go_to_a_person_whole(shop: Shop) -> None:
    said = {phone(): "a" * 65_536, phone(): "é" * 100_000}
    shop.told(of_messages(*(message(f"w{one}", text, one) for one, text in said.items())))

    for number, text in said.items():
        assert shop.is_answered(number)
        assert "pessoa da nossa equipe" in shop.sent(number)[0]
        (chat,) = shop.chats(f"+{number}")
        assert (chat["message"], chat["active"]) == (text[:65_536], False)
        assert "longa demais" in shop.handover_reason(chat)


def test_texts_that_are_none_go_to_a_person(shop: Shop) -> None:
    said = {phone(): text for text in ("", " ", "\x00")}
    shop.told(of_messages(*(message(f"w{one}", text, one) for one, text in said.items())))

    assert all(shop.is_answered(number) for number in said)
    assert not any(shop.chats(f"+{number}")[0]["active"] for number in said)


UNSUPPORTED = {"errors": [{"code": 131051, "title": "Message type unknown"}]}
NO_TEXTS: dict[str, Any] = {
    "location": {"latitude": -23.9, "longitude": -46.3},
    "contacts": [{"name": {"formatted_name": "Ana"}, "phones": [{"phone": "+55 13"}]}],
    "unsupported": {"type": "poll"},
    "unknown": {"type": "view_once"},
    "something_new": {"id": 7},
}


def test_what_is_no_text_goes_to_a_person_who_is_announced(shop: Shop) -> None:
    said = {phone(): kind for kind in NO_TEXTS}
    written = [
        {**message(f"w{one}", "", one, type=kind, **UNSUPPORTED), kind: NO_TEXTS[kind]}
        for one, kind in said.items()
    ]
    shop.told(of_messages(*written))

    assert all(shop.is_answered(number) for number in said)
    assert all("equipe" in shop.sent(number)[0] for number in said)
    chats = [shop.chats(f"+{number}") for number in said]
    assert all(one["message"] and not one["active"] for (one,) in chats)
    assert [one["message"] for (one,) in chats[2:]] == ["[mensagem de tipo desconhecido]"] * 3


def test_a_reaction_to_a_message_that_is_not_there(shop: Shop) -> None:
    reaction = {"message_id": "wamid.gone", "emoji": "👍"}
    shop.told(of_messages(message("w1", "", number := phone(), type="reaction", reaction=reaction)))
    shop.told(of_messages(message("w2", "Oi", number)))

    assert shop.is_answered(number)
    assert len(shop.chats(f"+{number}")) == 1


def test_a_group(shop: Shop) -> None:
    number = phone()
    shop.told(of_messages(message("w1", "Oi, grupo", number, group_id="g1"), message("w2", "Oi", number)))

    assert shop.is_answered(number)
    assert [chat["message"] for chat in shop.chats(f"+{number}")] == ["Oi"]


def test_a_token_revoked_in_the_middle(shop: Shop) -> None:
    shop.graph.faults.append(failing(190, 401))
    shop.told(of_messages(message("w1", "Oi", number := phone())))

    path = f"/channels/get/{shop.channel['_id']}"
    shown = until(lambda: (found := shop.owner.get(path).json or {})["state"] == "paused" and found)
    assert "access token" in shown["problem"]
    assert shop.sent(number) == []
    assert [part["state"] for part in shop.parts("queued")] == ["queued"]


@pytest.mark.parametrize(
    ("fault", "state"),
    [(ERROR_IN_200, "queued"), (HTML, "unknown"), (EMPTY, "unknown"), (HANG, "unknown")],
    ids=["error in 200", "html", "nothing", "no answer in time"],
)
def test_what_the_provider_answers_instead(shop: Shop, fault: Fault, state: str) -> None:
    shop.graph.faults.append(fault)
    shop.told(of_messages(message("w1", "Oi", phone())))

    (part,) = until(lambda: [one for one in shop.parts(state) if one["attempts"] == 1] or shop.parts("accepted"))
    assert part["state"] == state or part["attempts"] == 2
    assert part["error"] or part["state"] == "accepted"


def test_two_channels_of_the_same_number(shop: Shop) -> None:
    assert_error(added(shop), 409, "account_in_use")


def test_nobody_keeps_a_number_from_its_owner_with_wrong_credentials(
    shop: Shop, whatsapp: tuple[House, GraphServer]
) -> None:
    shop.owner.delete(f"/channels/delete/{shop.channel['_id']}")
    stranger = whatsapp[0].newcomer("Eva")
    theirs = Shop(stranger, stranger.make_assistant()["_id"], shop.graph)
    refused = added(theirs, access_token="wrong").json or {}
    assert refused["state"] == "paused"

    mine = added(shop)

    assert mine.status_code == 201
    shop.channel = dict(mine.json or {})
    assert_error(
        stranger.put(f"/channels/update/{refused['_id']}", {"access_token": "other"}), 409, "account_in_use"
    )
    assert_error(added(theirs), 409, "account_in_use")


def test_a_channel_deleted_with_messages_in_its_outbox(shop: Shop) -> None:
    shop.graph.faults.append(failing(131016, 503))
    shop.told(of_messages(message("w1", "Oi", number := phone())))
    until(lambda: shop.parts("queued"))

    assert shop.owner.delete(f"/channels/delete/{shop.channel['_id']}").status_code == 200

    until(lambda: (shop.chats(f"+{number}")[0]["delivery"] or {}).get("state") == "failed")
    assert "deleted" in shop.chats(f"+{number}")[0]["delivery"]["error"]
    assert shop.sent(number) == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "https://10.0.0.7", "https://169.254.169.254"])
def test_a_private_evolution_is_not_asked_unless_a_setting_allows_it(shop: Shop, url: str) -> None:
    body = {"assistant_id": shop.assistant_id, "kind": "evolution", "name": "Loja", "instance": "loja"}
    made = shop.owner.post("/channels/add", {**body, "base_url": url, "api_key": "k" * 30})

    assert made.status_code in {201, 422}
    assert (made.json or {}).get("problem") or "base_url" in (made.json or {})["fields"]
    assert json.dumps(made.json).count("k" * 30) == 0
