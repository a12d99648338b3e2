"""What is set up of an Evolution channel."""

from collections.abc import Mapping
from secrets import token_urlsafe

from app.channels.evolution.problems import problems

_SECRET_BYTES = 32


class EvolutionFields:
    """`automatic_messages`: texts that the phone sends by itself, one a line. `webhook_secret` is made up."""

    options = frozenset({"base_url", "instance", "automatic_messages"})
    secrets = frozenset({"api_key", "webhook_secret"})

    def completed(
        self, options: Mapping[str, str], secrets: Mapping[str, str]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """With a random `webhook_secret` where there is none."""
        return dict(options), {"webhook_secret": token_urlsafe(_SECRET_BYTES), **secrets}

    def problems(self, options: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, list[str]]:
        """What is missing or wrong, by field."""
        return problems(options, secrets)

    def account(self, options: Mapping[str, str], secrets: Mapping[str, str]) -> str | None:
        """The instance on its server."""
        return f"{options.get('base_url', '').rstrip('/')}/{options.get('instance', '')}"
