"""Mails to people who forgot their password, and nothing that tells whether an address has an account."""

from app.domain.mail import Mail, MailKind
from app.services.password_resets import PasswordResets
from app.services.ports.accounts import Users
from app.services.ports.mail import Mailer

_SUBJECT = "Redefinição de senha"
# Without the person's name: that is what somebody typed who may have registered another person's address.
_TEXT = """Olá!

Recebemos um pedido para redefinir a senha da sua conta. Para escolher uma senha nova, abra este endereço:

{link}

Ele vale por 1 hora e só pode ser usado uma vez. Se não foi você quem pediu, ignore esta mensagem: a sua senha
continua a mesma.
"""


class PasswordResetMail:
    """Asked for in one step, which is the same for every address; written in another, when it is sent.

    So the link is made at the last moment, and never in the outbox. `public_url` is where the service is reached.
    """

    def __init__(self, users: Users, resets: PasswordResets, mailer: Mailer, public_url: str) -> None:
        self._users = users
        self._resets = resets
        self._mailer = mailer
        self._public_url = public_url

    def request(self, email: str) -> None:
        """Mail a link to this address if it has an account that is not blocked."""
        self._mailer.queue(MailKind.PASSWORD_RESET, email)

    def write(self, email: str) -> Mail | None:
        """The mail to somebody with an account; None for everybody else."""
        user = self._users.by_email(email)
        if user is None or user.blocked:
            return None
        link = self._resets.make(user).link(self._public_url)
        return Mail(user.email, _SUBJECT, _TEXT.format(link=link))
