"""What is set up of a widget, for the service that keeps it."""

from collections.abc import Mapping
from secrets import token_urlsafe

from app.domain.web_origins import as_origin, origins_in

DEFAULT_TITLE = "Atendimento"
DEFAULT_GREETING = "Olá! Como podemos ajudar?"
_LONGEST_TITLE, _LONGEST_GREETING, _MOST_ORIGINS = 80, 500, 50
_SECRET_BYTES = 32


class WebFields:
    """`origins` are those of the pages that may use it, one a line; none means that no page may.

    `webhook_secret` signs what the widget's own routes hand over, and is made where it is missing.
    """

    options = frozenset({"origins", "title", "greeting"})
    secrets = frozenset({"webhook_secret"})

    def completed(
        self, options: Mapping[str, str], secrets: Mapping[str, str]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Origins as browsers write them, texts where there are none, and a secret."""
        origins = (as_origin(one) or one for one in origins_in(options.get("origins", "")))
        tidy = {
            "origins": "\n".join(dict.fromkeys(origins)),
            "title": options.get("title", "").strip() or DEFAULT_TITLE,
            "greeting": options.get("greeting", "").strip() or DEFAULT_GREETING,
        }
        return tidy, {"webhook_secret": secrets.get("webhook_secret") or token_urlsafe(_SECRET_BYTES)}

    def problems(self, options: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, list[str]]:
        """What is wrong, by the field's name."""
        found: dict[str, list[str]] = {}
        origins = origins_in(options.get("origins", ""))
        if wrong := [one for one in origins if as_origin(one) is None]:
            named = ", ".join(one[:100] for one in wrong[:3])
            found["origins"] = [
                f"Not the origin of a page, such as https://www.example.com, without a path: {named}"
            ]
        elif len(origins) > _MOST_ORIGINS:
            found["origins"] = [f"A channel has {_MOST_ORIGINS} origins at most."]
        for name, most in (("title", _LONGEST_TITLE), ("greeting", _LONGEST_GREETING)):
            if len(options.get(name, "")) > most:
                found[name] = [f"Must have at most {most} characters."]
        return found

    def account(self, options: Mapping[str, str], secrets: Mapping[str, str]) -> str | None:
        """None: a site may have several."""
        return None
