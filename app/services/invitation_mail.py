"""Mails to people who are invited."""

from urllib.parse import quote

from app.services.ports.mail import Mailer

_SUBJECT = "Convite para um assistente"
# Without names: these are what somebody typed who may be up to no good.
_TEXT = """Olá!

Você foi convidado(a) a trabalhar com um assistente. Para aceitar, abra este endereço e crie a sua conta com este
mesmo e-mail:

{link}

Ele vale por 7 dias. Se você não esperava este convite, ignore esta mensagem.
"""


def invitation_link(base: str, token: str) -> str:
    """The page of the dashboard at `base` that uses it; behind the #, so that no log of a server holds it."""
    return f"{base.rstrip('/')}/painel/#/convite/{quote(token)}"


class InvitationMail:
    """Tells people of their invitation; `public_url` is where the service is reached."""

    def __init__(self, mailer: Mailer, public_url: str) -> None:
        self._mailer = mailer
        self._public_url = public_url

    def send(self, email: str, token: str) -> None:
        """Mail the link of an invitation."""
        self._mailer.send(email, _SUBJECT, _TEXT.format(link=invitation_link(self._public_url, token)))
