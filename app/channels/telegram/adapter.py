"""Telegram's Bot API: what the inbox and the outbox need of it."""

import hmac
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from app.channels.telegram.api import BotApi
from app.channels.telegram.health import checks, is_set
from app.channels.telegram.updates import UPDATES, events_of, read_update, remote_id_of
from app.domain.channels import (
    AssistantChannel,
    ChannelCheck,
    ChannelEvent,
    ErrorAction,
    MediaReference,
    OutgoingPart,
    ProviderAccount,
    ProviderError,
    WebhookRequest,
    WrongSignatureError,
)
from app.net.provider_client import ProviderClient

_LONGEST_TEXT = 4096
# More than that a bot cannot download.
_MOST_MEDIA_BYTES = 20 * 1024 * 1024
_SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the header's name
_CHAT_ID = re.compile(r"-?[0-9]{1,19}", re.ASCII)


class Telegram:
    """A Telegram bot as a channel.

    Option: `base_url`, of a Bot API server that is not Telegram's own. Secrets: `bot_token` from @BotFather, and
    `webhook_secret`, which this service makes and Telegram sends with every update. A contact is who has a private
    chat with the bot; groups are ignored.
    """

    longest_text = _LONGEST_TEXT
    window_hours: float | None = None
    typing_seconds = 4.5

    def __init__(
        self,
        client: ProviderClient,
        *,
        most_media_bytes: int = _MOST_MEDIA_BYTES,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._api = BotApi(client)
        self._most_media_bytes = min(most_media_bytes, _MOST_MEDIA_BYTES)
        self._clock = clock

    def verify(self, channel: AssistantChannel, request: WebhookRequest) -> str:
        """Nothing; raises `WrongSignatureError` for a request without the channel's secret."""
        secret = channel.secrets.get("webhook_secret", "").encode()
        told = request.headers.get(_SECRET_HEADER, "").encode(errors="replace")
        if not secret or not hmac.compare_digest(secret, told):
            raise WrongSignatureError
        return ""

    def redacted(self, body: bytes) -> bytes:
        """The body as it came: updates have no secrets; raises `ValueError` where it is no JSON."""
        read_update(body)
        return body

    def parse(self, channel: AssistantChannel, body: bytes) -> Sequence[ChannelEvent]:
        """What contacts wrote and edited in their private chats with the bot."""
        return events_of(read_update(body))

    def send(self, channel: AssistantChannel, part: OutgoingPart) -> str:
        """Send a text as it is, without any markup; returns its id, raises `ProviderError`."""
        if not _CHAT_ID.fullmatch(part.recipient):
            raise ProviderError(ErrorAction.FAIL, "no_chat", "The recipient is no chat of Telegram's.")
        chat_id = int(part.recipient)
        sent = self._api.call(channel, "sendMessage", {"chat_id": chat_id, "text": part.text})
        message_id = sent.get("message_id") if isinstance(sent, dict) else None
        if not isinstance(message_id, int):
            sentence = "Telegram's answer does not say whether it took the message."
            raise ProviderError(ErrorAction.LOOK, "odd_answer", sentence)
        return remote_id_of(chat_id, message_id)

    def accounts(self, channel: AssistantChannel) -> Sequence[ProviderAccount]:
        """The bot of the token; raises `ProviderError`."""
        bot = self._api.call(channel, "getMe")
        names = [bot.get("first_name"), bot.get("username")] if isinstance(bot, dict) else []
        known = [name for name in names if isinstance(name, str)]
        return [ProviderAccount({}, " @".join(known) or "bot")]

    def typing(self, channel: AssistantChannel, contact: str, remote_id: str) -> None:
        """Show for five seconds that an answer is being written; it does not matter if that fails."""
        if _CHAT_ID.fullmatch(contact):
            with suppress(ProviderError):
                self._api.call(channel, "sendChatAction", {"chat_id": int(contact), "action": "typing"})

    def fetch_media(self, channel: AssistantChannel, media: MediaReference) -> Iterator[bytes]:
        """The file's bytes, as they come, up to the 20 MB that a bot may have; raises `ProviderError`."""
        file = self._api.call(channel, "getFile", {"file_id": media.reference})
        path = file.get("file_path") if isinstance(file, dict) else None
        if not isinstance(path, str) or not path or ".." in path.split("/"):
            raise ProviderError(ErrorAction.FAIL, "no_file", "Telegram does not give this file away.")
        yield from self._api.download(channel, path, self._most_media_bytes)

    def health(self, channel: AssistantChannel) -> Sequence[ChannelCheck]:
        """The token, the webhook, and whether Telegram's deliveries arrive."""
        return checks(self._api, channel, self._clock())

    def connect(self, channel: AssistantChannel, webhook_url: str) -> None:
        """Have Telegram post the bot's updates to this URL; may be repeated; raises `ProviderError`.

        What is set already is left alone, as Telegram would forget what it could not deliver and why. What is wrong
        with the URL is for the channel's owner to put right.
        """
        if is_set(self._api.call(channel, "getWebhookInfo"), webhook_url):
            return
        asked = {
            "url": webhook_url,
            "secret_token": channel.secrets.get("webhook_secret", ""),
            "allowed_updates": list(UPDATES),
        }
        try:
            self._api.call(channel, "setWebhook", asked)
        except ProviderError as error:
            if error.action is not ErrorAction.FAIL:
                raise
            sentence = f"Telegram does not take this service's address for the webhook. {error.message}"
            raise ProviderError(ErrorAction.PAUSE, error.code, sentence) from None

    def disconnect(self, channel: AssistantChannel) -> None:
        """Remove the bot's webhook, if it is the channel's; raises `ProviderError`."""
        info = self._api.call(channel, "getWebhookInfo")
        if isinstance(info, dict) and str(info.get("url")).endswith(f"/{channel.webhook_id}"):
            self._api.call(channel, "deleteWebhook")
