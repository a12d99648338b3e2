"""Messages that ask for nothing: greetings and thanks."""

import re

from app.domain.folding import fold

_LONGEST = 200
_HELLO = r"oi+e?|ola|opa|alo|e ?ai|bom dia|boa tarde|boa noite|hello|hi|hey|hola|tudo (?:bem|bom)|td bem|como vai"
_THANKS = (
    r"(?:muito |mto )?(?:obrigad[oa]|obg|valeu|vlw|agradecid[oa]|grat[oa])(?: mesmo| demais)?(?: pel[ao] \w+)?"
    r"|agradeco|thanks|thank you|gracias|tchau|ate (?:logo|mais|breve)"
)
_FILLER = r"ok(?:ay)?|certo|entendi|perfeito|otimo|beleza|blz|show|legal|pessoal|gente"

_SMALL_TALK = re.compile(rf"(?:(?:{_HELLO}|{_THANKS}|{_FILLER})\b ?)+")


def reply_to_small_talk(message: str) -> str | None:
    """A friendly answer to a message made of nothing but greetings or thanks; None for any other."""
    if len(message) > _LONGEST:
        return None
    words = " ".join(re.findall(r"\w+", fold(message)))
    if not _SMALL_TALK.fullmatch(words):
        return None
    if re.search(rf"\b(?:{_THANKS})\b", words):
        return "Por nada! Se precisar de mais alguma coisa, é só escrever."
    if re.search(rf"\b(?:{_HELLO})\b", words):
        return "Olá! Como posso ajudar?"
    return "Certo! Se precisar de mais alguma coisa, é só escrever."
