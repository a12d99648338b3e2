"""The Cloud API's adapter against a server that is as strict as Meta's."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.channels.whatsapp_cloud.adapter import WhatsAppCloud
from app.channels.whatsapp_cloud.verification import PARTNER_HEADER
from app.domain.channels import (
    AssistantChannel,
    ErrorAction,
    MediaKind,
    MediaReference,
    OutgoingPart,
    ProviderError,
    WebhookRequest,
    WrongSignatureError,
)
from app.domain.message_templates import ChosenTemplate, MessageTemplate
from app.net.provider_client import ProviderClient
from app.services.ports.channels import ChannelAdapter, ChannelSetup
from tests.fakes.graph_replies import (
    ACCEPTED_LATE,
    BAD_GATEWAY,
    EMPTY,
    ERROR_IN_200,
    HANG,
    HTML,
    LOST,
    NOTHING,
    Fault,
    Reply,
    failing,
)
from tests.fakes.graph_server import GraphServer, Media

PART = OutgoingPart("part-1", "5511987654321", "Bom dia! Em que posso ajudar?")
IMAGE = MediaReference(MediaKind.IMAGE, "65463453")
WEBHOOK_URL = "https://bot.example.com/webhooks/hook123"


@pytest.fixture
def graph() -> Iterator[GraphServer]:
    with GraphServer() as graph:
        yield graph


@pytest.fixture
def partner() -> Iterator[GraphServer]:
    with GraphServer(partner=True) as graph:
        yield graph


@pytest.fixture(scope="module")
def client() -> ProviderClient:
    return ProviderClient(allow_private=True, timeout_seconds=10)


@pytest.fixture
def adapter(client: ProviderClient) -> WhatsAppCloud:
    return WhatsAppCloud(client)


@pytest.fixture
def hurried() -> WhatsAppCloud:
    return WhatsAppCloud(ProviderClient(allow_private=True, timeout_seconds=0.5))


def failure(adapter: WhatsAppCloud, channel: AssistantChannel, part: OutgoingPart = PART) -> ProviderError:
    with pytest.raises(ProviderError) as raised:
        adapter.send(channel, part)
    assert channel.secrets["access_token"] not in raised.value.message
    return raised.value


def with_secrets(channel: AssistantChannel, **secrets: str) -> AssistantChannel:
    return replace(channel, secrets={**channel.secrets, **secrets})


def test_it_is_an_adapter_that_sets_itself_up(adapter: WhatsAppCloud) -> None:
    as_adapter: ChannelAdapter = adapter
    as_setup: ChannelSetup = adapter

    assert (as_adapter.longest_text, as_adapter.window_hours) == (4096, 24)
    assert callable(as_setup.connect)


class TestSending:
    def test_a_text_goes_to_a_phone_number(self, adapter: WhatsAppCloud, graph: GraphServer) -> None:
        remote_id = adapter.send(graph.channel(), PART)

        assert [remote_id] == graph.ids
        assert graph.sent == [
            {
                "messaging_product": "whatsapp",
                "recipient_type": "individual",
                "to": "5511987654321",
                "type": "text",
                "text": {"preview_url": False, "body": "Bom dia! Em que posso ajudar?"},
                "biz_opaque_callback_data": "part-1",
            }
        ]
        assert graph.requests[0].path == "/v25.0/106540352242922/messages"

    def test_a_text_goes_to_a_user_id(self, adapter: WhatsAppCloud, graph: GraphServer) -> None:
        adapter.send(graph.channel(), replace(PART, recipient="BR.13491208655302741918"))

        assert graph.sent[0]["recipient"] == "BR.13491208655302741918"
        assert "to" not in graph.sent[0]

    def test_the_longest_text_is_taken(self, adapter: WhatsAppCloud, graph: GraphServer) -> None:
        adapter.send(graph.channel(), replace(PART, text="ã" * 4096))

        assert len(graph.sent[0]["text"]["body"]) == 4096

    @pytest.mark.parametrize(
        ("part", "code"),
        [
            (replace(PART, text="a" * 4097), "text_too_long"),
            (replace(PART, text=" \n"), "empty_text"),
            (replace(PART, recipient="5511@g.us"), "invalid_recipient"),
            (replace(PART, recipient=""), "invalid_recipient"),
        ],
    )
    def test_what_would_be_refused_is_not_even_asked(
        self, adapter: WhatsAppCloud, graph: GraphServer, part: OutgoingPart, code: str
    ) -> None:
        error = failure(adapter, graph.channel(), part)

        assert (error.action, error.code, graph.requests) == (ErrorAction.FAIL, code, [])

    def test_a_version_of_the_api_can_be_chosen(self, adapter: WhatsAppCloud) -> None:
        with GraphServer(version="v26.0") as graph:
            adapter.send(graph.channel(), PART)

        assert len(graph.sent) == 1

    def test_a_partner_is_spoken_to_without_version_and_number(
        self, adapter: WhatsAppCloud, partner: GraphServer
    ) -> None:
        assert adapter.send(partner.channel(), PART) == "wamid.1"

        (request,) = partner.requests
        assert (request.path, request.headers["d360-api-key"]) == ("/messages", partner.access_token)
        assert "authorization" not in request.headers

    @pytest.mark.parametrize(
        ("fault", "action", "code"),
        [
            (failing(130429), ErrorAction.RETRY, "130429"),
            (failing(131056), ErrorAction.RETRY, "131056"),
            (failing(131047), ErrorAction.HOLD, "131047"),
            (failing(190, 401, error_subcode=463), ErrorAction.PAUSE, "190"),
            (failing(200, 403), ErrorAction.PAUSE, "200"),
            (failing(131042), ErrorAction.PAUSE, "131042"),
            (failing(100, error_subcode=33), ErrorAction.PAUSE, "33"),
            (failing(131026), ErrorAction.FAIL, "131026"),
            (failing(999999), ErrorAction.FAIL, "999999"),
            (failing(999999, 500), ErrorAction.RETRY, "999999"),
            (failing(999999, is_transient=True), ErrorAction.RETRY, "999999"),
            (ERROR_IN_200, ErrorAction.RETRY, "131000"),
            (HTML, ErrorAction.LOOK, "odd_answer"),
            (EMPTY, ErrorAction.LOOK, "odd_answer"),
            (Fault(Reply(200, [1])), ErrorAction.LOOK, "odd_answer"),
            (Fault(Reply(200, {"messages": [{}]})), ErrorAction.LOOK, "odd_answer"),
            (BAD_GATEWAY, ErrorAction.LOOK, "http_502"),
            (NOTHING, ErrorAction.LOOK, "no_answer"),
            (LOST, ErrorAction.LOOK, "no_answer"),
            (Fault(Reply(404, b"nginx", "text/html")), ErrorAction.PAUSE, "http_404"),
            (Fault(Reply(301, b"", headers={"Location": "/elsewhere"})), ErrorAction.PAUSE, "http_301"),
            (Fault(Reply(429, b"slow down", "text/plain")), ErrorAction.RETRY, "http_429"),
        ],
    )
    def test_every_failure_says_what_follows(
        self, adapter: WhatsAppCloud, graph: GraphServer, fault: Fault, action: ErrorAction, code: str
    ) -> None:
        graph.faults.append(fault)

        error = failure(adapter, graph.channel())

        assert (error.action, error.code) == (action, code)
        assert len(graph.requests) == 1
        assert len(graph.sent) == (1 if fault.accepts else 0)

    @pytest.mark.parametrize(("fault", "sent"), [(HANG, 0), (ACCEPTED_LATE, 1)])
    def test_a_server_that_hangs_leaves_it_open(
        self, hurried: WhatsAppCloud, graph: GraphServer, fault: Fault, sent: int
    ) -> None:
        graph.faults.append(fault)

        error = failure(hurried, graph.channel())

        assert (error.action, error.code, len(graph.sent)) == (ErrorAction.LOOK, "no_answer", sent)

    def test_a_server_that_is_not_there_has_sent_nothing(self, adapter: WhatsAppCloud) -> None:
        with GraphServer() as graph:
            channel = graph.channel()

        assert failure(adapter, channel).action is ErrorAction.RETRY

    def test_a_wrong_token_is_refused_and_not_repeated_in_the_error(
        self, adapter: WhatsAppCloud, graph: GraphServer
    ) -> None:
        error = failure(adapter, with_secrets(graph.channel(), access_token="EAAwrongwrongwrong"))

        assert (error.action, error.code) == (ErrorAction.PAUSE, "190")
        assert "access token" in error.message

    def test_a_channel_without_token_is_paused(self, adapter: WhatsAppCloud, graph: GraphServer) -> None:
        channel = replace(graph.channel(), secrets={})
        with pytest.raises(ProviderError, match="access_token") as raised:
            adapter.send(channel, PART)

        assert (raised.value.action, graph.requests) == (ErrorAction.PAUSE, [])

    def test_http_and_private_addresses_are_refused_where_they_are_not_allowed(self, graph: GraphServer) -> None:
        strict = WhatsAppCloud(ProviderClient())

        assert failure(strict, graph.channel()).code == "not_https"
        assert failure(strict, graph.channel(base_url=f"https://127.0.0.1:{graph.port}")).code == "address_refused"
        assert graph.requests == []

    def test_retry_after_is_passed_on(self, adapter: WhatsAppCloud, graph: GraphServer) -> None:
        graph.faults += [failing(131056), failing(130429, 429, headers={"Retry-After": "17"})]

        assert failure(adapter, graph.channel()).retry_after == 6
        assert failure(adapter, graph.channel()).retry_after == 17

    def test_many_threads_may_send_at_once(self, adapter: WhatsAppCloud, graph: GraphServer) -> None:
        parts = [replace(PART, id=str(number)) for number in range(20)]
        threads = [threading.Thread(target=adapter.send, args=(graph.channel(), part)) for part in parts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)

        assert sorted(int(one["biz_opaque_callback_data"]) for one in graph.sent) == list(range(20))


class TestTyping:
    def test_a_message_is_read_and_answered_soon(self, adapter: WhatsAppCloud, graph: GraphServer) -> None:
        adapter.typing(graph.channel(), "5511987654321", "wamid.9")

        assert graph.typed == [
            {
                "messaging_product": "whatsapp",
                "status": "read",
                "message_id": "wamid.9",
                "typing_indicator": {"type": "text"},
            }
        ]

    def test_its_failures_do_not_matter(self, adapter: WhatsAppCloud, graph: GraphServer) -> None:
        adapter.typing(with_secrets(graph.channel(), access_token="wrong"), "5511987654321", "wamid.9")

        assert (graph.typed, len(graph.requests)) == ([], 1)


class TestMedia:
    def fetched(self, adapter: WhatsAppCloud, graph: GraphServer, **options: str) -> bytes:
        return b"".join(adapter.fetch_media(graph.channel(**options), IMAGE))

    def refused(self, adapter: WhatsAppCloud, graph: GraphServer, media: MediaReference = IMAGE) -> ProviderError:
        with pytest.raises(ProviderError) as raised:
            list(adapter.fetch_media(graph.channel(), media))
        return raised.value

    def test_a_file_is_looked_up_and_downloaded(self, adapter: WhatsAppCloud, graph: GraphServer) -> None:
        graph.media["65463453"] = Media(b"\xff\xd8" * 50_000)

        assert self.fetched(adapter, graph) == b"\xff\xd8" * 50_000
        assert [one.headers["authorization"] for one in graph.requests] == [f"Bearer {graph.access_token}"] * 2

    def test_a_partner_has_the_file_itself(self, adapter: WhatsAppCloud, partner: GraphServer) -> None:
        url = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=65463453&hash=a"
        partner.media["65463453"] = Media(b"abc", url=url)

        assert self.fetched(adapter, partner) == b"abc"

    @pytest.mark.parametrize(
        "url",
        [
            "https://evil.example/x",
            "https://fbsbx.com.evil.example/x",
            "https://evilfbsbx.com/x",
            "http://lookaside.fbsbx.com/x",
            "https://lookaside.fbsbx.com@evil.example/x",
            "https://user@lookaside.fbsbx.com/x",
            "https://lookaside.fbsbx.com:8443/x",
            "file:///etc/passwd",
            "https://[",
            "//lookaside.fbsbx.com/x",
        ],
    )
    def test_the_token_goes_to_metas_hosts_only(self, adapter: WhatsAppCloud, graph: GraphServer, url: str) -> None:
        graph.media["65463453"] = Media(b"abc", url=url)

        assert (self.refused(adapter, graph).code, len(graph.requests)) == ("media_host", 1)

    def test_another_host_has_to_be_allowed(
        self, adapter: WhatsAppCloud, client: ProviderClient, graph: GraphServer
    ) -> None:
        with GraphServer(host="127.0.0.2", media={"1": Media(b"elsewhere")}) as other:
            graph.media["65463453"] = Media(b"", url=f"{other.url}/whatsapp_business/attachments/?mid=1")
            assert self.refused(adapter, graph).code == "media_host"
            assert other.requests == []

            allowing = WhatsAppCloud(client, media_origins=[other.url])
            assert self.fetched(allowing, graph) == b"elsewhere"

    @pytest.mark.parametrize("told", [None, 10])
    def test_a_file_is_no_larger_than_allowed_whatever_is_said(
        self, client: ProviderClient, graph: GraphServer, told: int | None
    ) -> None:
        graph.media["65463453"] = Media(b"a" * 1001, told_size=told)
        small = WhatsAppCloud(client, most_media_bytes=1000)

        error = self.refused(small, graph)

        assert (error.action, error.code) == (ErrorAction.FAIL, "too_large")
        assert len(graph.requests) == (1 if told is None else 2)

    def test_a_file_that_is_gone_fails_and_does_not_pause_the_channel(
        self, adapter: WhatsAppCloud, graph: GraphServer
    ) -> None:
        assert self.refused(adapter, graph).action is ErrorAction.FAIL
        graph.media["65463453"] = Media(b"abc", expired=True)
        assert self.refused(adapter, graph).action is ErrorAction.FAIL

    @pytest.mark.parametrize("reference", ["", "../debug_token", "a?b=c", "1/2"])
    def test_an_odd_id_is_not_asked_for(self, adapter: WhatsAppCloud, graph: GraphServer, reference: str) -> None:
        error = self.refused(adapter, graph, replace(IMAGE, reference=reference))

        assert (error.action, graph.requests) == (ErrorAction.FAIL, [])


class _Webhook:
    """The route that Meta's challenge comes to."""

    def __init__(self, adapter: WhatsAppCloud, channel: AssistantChannel) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            parts = urlsplit(handler.path)
            request = WebhookRequest("GET", {}, dict(parse_qsl(parts.query)), b"")
            try:
                status, body = 200, adapter.verify(channel, request)
            except WrongSignatureError:
                status, body = 403, ""
            handler.send_response(status)
            handler.end_headers()
            handler.wfile.write(body.encode())

        members: dict[str, Any] = {"do_GET": answer, "log_message": lambda *_: None}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (BaseHTTPRequestHandler,), members))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/webhooks/hook123"

    def __enter__(self) -> "_Webhook":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class TestNumbers:
    def test_the_numbers_a_token_is_good_for_are_listed(self, adapter: WhatsAppCloud, graph: GraphServer) -> None:
        channel = graph.channel(waba_id="")

        (number,) = adapter.accounts(channel)

        assert number.fields == {"waba_id": graph.account_id, "phone_number_id": graph.number_id}
        assert (number.phone, number.state) == ("+55 11 4002-8922", "CONNECTED")
        assert adapter.accounts(graph.channel()) == [number]

    def test_a_partner_names_none(self, adapter: WhatsAppCloud, partner: GraphServer) -> None:
        assert adapter.accounts(partner.channel()) == []


class TestTemplates:
    """What Meta approved, and sending it."""

    @staticmethod
    def told(name: str, body: str, *others: dict[str, str], status: str = "APPROVED") -> dict[str, Any]:
        components = [{"type": "BODY", "text": body}, *others]
        return {
            "name": name,
            "language": "pt_BR",
            "category": "UTILITY",
            "status": status,
            "components": components,
        }

    @pytest.fixture(params=["graph", "partner"])
    def server(self, request: pytest.FixtureRequest) -> GraphServer:
        server: GraphServer = request.getfixturevalue(request.param)
        server.templates = [
            self.told("lembrete", "Olá {{1}}, até {{2}}!", {"type": "FOOTER", "text": "Loja"}),
            self.told("novo", "Olá", status="PENDING"),
            self.told("foto", "Olá", {"type": "HEADER", "format": "IMAGE"}),
            self.told("titulo", "Olá", {"type": "HEADER", "format": "TEXT", "text": "Oi, {{1}}"}),
            self.told("nomeado", "Olá {{nome}}"),
        ]
        return server

    def test_those_that_can_be_sent_with_texts_alone_are_listed(
        self, adapter: WhatsAppCloud, server: GraphServer
    ) -> None:
        (template,) = adapter.approved(server.channel())

        assert template == MessageTemplate("lembrete", "pt_BR", "UTILITY", "Olá {{1}}, até {{2}}!")
        assert template.variables == 2
        assert template.filled(["Maria", "amanhã"]) == "Olá Maria, até amanhã!"

    def test_one_is_sent_as_what_it_is(self, adapter: WhatsAppCloud, server: GraphServer) -> None:
        chosen = ChosenTemplate("lembrete", "pt_BR", ("Maria", "amanhã"))
        adapter.send(server.channel(), OutgoingPart("p1", "5511987654321", "Olá Maria, até amanhã!", chosen))
        adapter.send(server.channel(), OutgoingPart("p2", "5511987654321", "Oi", ChosenTemplate("oi", "pt_BR")))

        first, second = (one["template"] for one in server.sent)
        assert [one["text"] for one in first["components"][0]["parameters"]] == ["Maria", "amanhã"]
        assert (second["name"], second["components"]) == ("oi", [])


class TestConnecting:
    def test_app_account_and_number_are_subscribed(self, adapter: WhatsAppCloud, graph: GraphServer) -> None:
        adapter.connect(graph.channel(), WEBHOOK_URL)

        fields = {field["name"] for field in graph.subscriptions[0]["fields"]}
        assert fields == {"messages", "smb_message_echoes", "standby"}
        assert graph.subscribed
        assert set(graph.urls) == {"application", "whatsapp_business_account", "phone_number"}
        assert set(graph.urls.values()) == {WEBHOOK_URL}

    def test_it_may_be_repeated(self, adapter: WhatsAppCloud, graph: GraphServer) -> None:
        for _ in range(2):
            adapter.connect(graph.channel(), WEBHOOK_URL)

        assert len(graph.subscriptions) == 1

    def test_an_app_that_posts_elsewhere_goes_on_doing_so(self, adapter: WhatsAppCloud, graph: GraphServer) -> None:
        adapter.connect(graph.channel(), "https://other.example/webhooks/other")
        adapter.connect(graph.channel(), WEBHOOK_URL)

        assert graph.urls["application"] == "https://other.example/webhooks/other"
        assert graph.urls["phone_number"] == WEBHOOK_URL

    def test_the_fields_an_app_has_are_kept(self, adapter: WhatsAppCloud, graph: GraphServer) -> None:
        own = {"object": "whatsapp_business_account", "callback_url": "https://old.example", "active": True}
        graph.subscriptions = [{**own, "fields": [{"name": "account_update", "version": "v25.0"}]}]

        adapter.connect(graph.channel(), WEBHOOK_URL)

        names = {field["name"] for field in graph.subscriptions[0]["fields"]}
        assert names == {"account_update", "messages", "smb_message_echoes", "standby"}

    def test_meta_gets_its_challenge_back(self, adapter: WhatsAppCloud) -> None:
        with GraphServer(calls_back=True) as graph, _Webhook(adapter, graph.channel()) as webhook:
            adapter.connect(graph.channel(), webhook.url)

        assert graph.urls["phone_number"] == webhook.url

    def test_a_webhook_that_cannot_be_reached_is_an_error(self, adapter: WhatsAppCloud) -> None:
        with GraphServer(calls_back=True) as graph, pytest.raises(ProviderError) as raised:
            adapter.connect(graph.channel(), "http://127.0.0.1:1/webhooks/hook123")

        assert (raised.value.action, raised.value.code) == (ErrorAction.PAUSE, "2200")
        assert "reach" in raised.value.message

    def test_a_url_that_meta_would_cut_is_refused(self, adapter: WhatsAppCloud, graph: GraphServer) -> None:
        with pytest.raises(ProviderError, match="200 characters"):
            adapter.connect(graph.channel(), "https://bot.example.com/" + "a" * 200)

    def test_a_partner_is_told_of_the_secret_header(self, adapter: WhatsAppCloud, partner: GraphServer) -> None:
        adapter.connect(partner.channel(), WEBHOOK_URL)

        headers = {PARTNER_HEADER: partner.verify_token}
        assert partner.partner_webhook == {"url": WEBHOOK_URL, "headers": headers}

    def test_the_own_urls_are_taken_back_and_no_others(self, adapter: WhatsAppCloud, graph: GraphServer) -> None:
        elsewhere, channel = "https://other.example/webhooks/other", graph.channel()
        adapter.connect(channel, f"https://bot.example.com/webhooks/{channel.webhook_id}")
        graph.urls["whatsapp_business_account"] = elsewhere

        adapter.disconnect(channel)

        assert "phone_number" not in graph.urls
        assert graph.urls["whatsapp_business_account"] == elsewhere
        assert graph.subscribed


class TestHealth:
    NAMES = ("token", "permissions", "number", "app_webhook", "account_webhook", "messaging", "app", "payment")

    def wrong(self, adapter: WhatsAppCloud, channel: AssistantChannel) -> dict[str, str]:
        """The causes of what is not ok."""
        checks = adapter.health(channel)
        assert all(check.cause and check.remedy for check in checks if not check.ok)
        assert channel.secrets["access_token"] not in str(checks)
        return {check.name: check.cause or "" for check in checks if not check.ok}

    @pytest.fixture
    def connected(self, adapter: WhatsAppCloud, graph: GraphServer) -> AssistantChannel:
        adapter.connect(graph.channel(), WEBHOOK_URL)
        return graph.channel()

    def test_a_channel_that_works_has_no_fault(self, adapter: WhatsAppCloud, connected: AssistantChannel) -> None:
        checks = adapter.health(connected)

        assert [(check.name, check.ok) for check in checks] == [(name, True) for name in self.NAMES]

    def test_an_invalid_token_is_found(
        self, adapter: WhatsAppCloud, graph: GraphServer, connected: AssistantChannel
    ) -> None:
        graph.token["is_valid"] = False

        assert set(self.wrong(adapter, connected)) == {"token"}

    def test_a_token_of_another_app_is_found(
        self, adapter: WhatsAppCloud, graph: GraphServer, connected: AssistantChannel
    ) -> None:
        graph.token["app_id"] = "1"

        assert "another app" in self.wrong(adapter, connected)["token"]

    def test_a_token_for_a_day_is_found(
        self, client: ProviderClient, graph: GraphServer, connected: AssistantChannel
    ) -> None:
        adapter = WhatsAppCloud(client, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
        graph.token["expires_at"] = int(datetime(2026, 1, 2, tzinfo=UTC).timestamp())

        assert "2026-01-02 00:00 UTC" in self.wrong(adapter, connected)["token"]
        graph.token["expires_at"] = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp())
        assert self.wrong(adapter, connected) == {}

    def test_missing_permissions_are_found(
        self, adapter: WhatsAppCloud, graph: GraphServer, connected: AssistantChannel
    ) -> None:
        graph.token["scopes"] = ["whatsapp_business_management"]

        assert self.wrong(adapter, connected) == {
            "permissions": "The access token lacks whatsapp_business_messaging."
        }

    def test_a_token_without_the_account_is_found(
        self, adapter: WhatsAppCloud, graph: GraphServer, connected: AssistantChannel
    ) -> None:
        graph.token["granular_scopes"][0]["target_ids"] = ["999"]

        assert set(self.wrong(adapter, connected)) == {"permissions"}

    def test_a_number_that_is_not_registered_or_not_there_is_found(
        self, adapter: WhatsAppCloud, graph: GraphServer, connected: AssistantChannel
    ) -> None:
        graph.numbers[0]["status"] = "PENDING"
        assert "PENDING" in self.wrong(adapter, connected)["number"]
        graph.numbers[0]["id"] = "1"
        assert "no number with this id" in self.wrong(adapter, connected)["number"]

    def test_both_subscriptions_are_looked_at(self, adapter: WhatsAppCloud, graph: GraphServer) -> None:
        assert set(self.wrong(adapter, graph.channel())) == {"app_webhook", "account_webhook"}

    def test_missing_fields_are_named(
        self, adapter: WhatsAppCloud, graph: GraphServer, connected: AssistantChannel
    ) -> None:
        graph.subscriptions[0]["fields"] = [{"name": "messages"}]

        wanted = "The app is not subscribed to smb_message_echoes, standby."
        assert self.wrong(adapter, connected) == {"app_webhook": wanted}

    def test_events_that_go_to_another_url_are_found(
        self, adapter: WhatsAppCloud, graph: GraphServer, connected: AssistantChannel
    ) -> None:
        graph.urls["phone_number"] = "https://bot.example.com/webhooks/another"

        assert "another URL" in self.wrong(adapter, connected)["account_webhook"]

    def test_an_app_that_is_blocked_is_found(
        self, adapter: WhatsAppCloud, graph: GraphServer, connected: AssistantChannel
    ) -> None:
        graph.block("APP", 141000, "The app is in development mode.", "Publish the app.")

        check, app = [check for check in adapter.health(connected) if not check.ok]

        assert (check.name, check.remedy) == ("messaging", "Publish the app.")
        assert app.name == "app"
        assert "live mode" in (app.remedy or "")
        assert "APP" in (check.cause or "")
        assert "development mode" in (check.cause or "")

    def test_a_missing_payment_method_is_found(
        self, adapter: WhatsAppCloud, graph: GraphServer, connected: AssistantChannel
    ) -> None:
        graph.block("WABA", 141006, "There is an error with the payment method.", "Add one.")

        assert "payment" in self.wrong(adapter, connected)

    def test_one_point_that_cannot_be_known_hides_no_other(
        self, adapter: WhatsAppCloud, graph: GraphServer, connected: AssistantChannel
    ) -> None:
        wrong = self.wrong(adapter, with_secrets(connected, app_secret="f" * 32))

        assert set(wrong) == {"token", "permissions", "app_webhook"}

    def test_a_server_that_is_not_there_is_said_of_every_point(self, adapter: WhatsAppCloud) -> None:
        with GraphServer() as graph:
            channel = graph.channel()

        assert set(self.wrong(adapter, channel)) == set(self.NAMES)

    def test_a_partner_is_asked_for_less(self, adapter: WhatsAppCloud, partner: GraphServer) -> None:
        assert set(self.wrong(adapter, partner.channel())) == {"account_webhook"}
        adapter.connect(partner.channel(), WEBHOOK_URL)
        assert self.wrong(adapter, partner.channel()) == {}
        partner.block("WABA", 131031, "The account is locked.", "Appeal.")
        assert "locked" in self.wrong(adapter, partner.channel())["messaging"]
