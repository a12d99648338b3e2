"""What is set up of a Telegram channel, for the service that keeps it."""

from collections.abc import Mapping
from secrets import token_urlsafe

from app.channels.telegram.options import BASE_URL, base_url, bot_id_of, problems

_SECRET_BYTES = 32


class TelegramFields:
    """`webhook_secret` is what Telegram sends with every update, and is made where it is missing."""

    options = frozenset({"base_url"})
    secrets = frozenset({"bot_token", "webhook_secret"})

    def completed(
        self, options: Mapping[str, str], secrets: Mapping[str, str]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Without the spaces around what was pasted, and with a secret for the webhook."""
        tidy = {name: value.strip() for name, value in options.items()}
        hidden = {name: value.strip() for name, value in secrets.items()}
        hidden["webhook_secret"] = hidden.get("webhook_secret") or token_urlsafe(_SECRET_BYTES)
        return tidy, hidden

    def problems(self, options: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, list[str]]:
        """What is missing or wrong, by the field's name."""
        return problems(options, secrets)

    def account(self, options: Mapping[str, str], secrets: Mapping[str, str]) -> str | None:
        """The bot's id: Telegram has one webhook for each bot. Other servers speak for themselves."""
        bot, base = bot_id_of(secrets), base_url(options)
        return bot if bot is None or base == BASE_URL else f"{base}/{bot}"
