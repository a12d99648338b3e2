"""Replies to messages that ask for nothing a document could answer: greetings, thanks, emoji, placeholders."""

import re

from app.domain.chat_spelling import written_out
from app.domain.folding import fold

_LONGEST = 200

_GREETING = "Olá! Como posso ajudar?"
_THANKS = "Por nada! Se precisar de mais alguma coisa, é só escrever."
_FAREWELL = "Até logo! Se precisar, é só escrever."
_CERTAINLY = "Certo! Se precisar de mais alguma coisa, é só escrever."
_LAUGHTER = "😄 Se precisar de alguma informação, é só escrever."
_SORRY = "Sinto muito. Pode me contar o que aconteceu?"
_WHICH_QUESTION = "Como posso ajudar? Pode escrever a sua pergunta."
_NO_MENU = "Aqui não há um menu de números. Pode escrever a sua pergunta?"
_CANNOT_SEE = "Não consigo ver figurinhas, imagens, áudios ou vídeos. Pode escrever a sua pergunta?"

# Without accents, and each letter once where it is repeated: "oiii" is "oi", "hello" is "helo".
_BY_WORDS = (
    (
        r"(?:muito )?(?:o?brigad(?:o|a|ao|ona|inho|inha)|obgd?[ao]?|valeu|vlw|tmj|agradecid[oa]|grat[oa]|gratidao)"
        r"(?: mesmo| demais)?(?: pel[ao] \w+)?|agradeco|thanks|thank you|gracias",
        _THANKS,
    ),
    (
        r"oi+e?|ola|opa|alo|e ?a[ie]|salve|bom ?dia|boa ?tarde|boa ?noite|helo|hi|hey|hola|como vai"
        r"|tudo (?:bem|bom|certo|joia|tranquilo)(?: com voces?)?|(?:tem )?alguem(?: ai)?",
        _GREETING,
    ),
    (r"tchau(?:zinho)?|ate (?:logo|mais|breve|amanha|mais tarde)|flw|falou|fui|bye", _FAREWELL),
    (r"k|(?:ka)+k?|(?:rs)+|(?:h[aeiu])+h?|(?:hue)+|lol", _LAUGHTER),
    (
        r"ok(?:a?y|ey|s)?|certo|entendi(?:do)?|perfeito|otimo|beleza|show|legal|top|joia|maravilha|excelente|bacana"
        r"|masa|sim|s|nao|n|aham|uhum|ahn?|h[um]+|iso(?: mesmo)?|combinado|fechado|tranquilo|claro"
        r"|ta(?: bo[mn]| bem| certo)?|ata|pode ser|sem problemas?|de boa|boa",
        _CERTAINLY,
    ),
)
_ADDRESS = r"pesoal|gente|amig[oa]|moc[oa]|querid[oa]|senhora?|voces?|e voce|por ai"
_SMALL_TALK = re.compile(rf"(?:(?:{'|'.join(pattern for pattern, _ in _BY_WORDS)}|{_ADDRESS})\b ?)+")

_BY_EMOJI = (
    ("🙏❤💖💕💗💓💞💘💙💚💛🧡💜🩷🤍🖤🥰😍😘🤗💐🌹", _THANKS),
    ("👍👌✅🆗👊🤝🙌👏💪✌🤙☑✔🫡", _CERTAINLY),
    ("😂🤣😄😁😅😆😹🙂😊😉😃😀", _LAUGHTER),
    ("😢😭😡😠🤬😞😔😤👎💔😩😫😕☹🙁", _SORRY),
    ("👋", _GREETING),
)

_MEDIUM = (
    r"(?:sticker|figurinha|imagem|image|foto|photo|picture|audio|mensagem de voz|voice(?: mesage)?|video|gif|midia"
    r"|media|documento|document|arquivo|contato|localizacao|location)"
)
_PLACEHOLDER = re.compile(
    rf"\W*[\[(<{{]\W*{_MEDIUM}\b[^\])>}}]{{0,40}}[\])>}}]\W*"
    rf"|\W*{_MEDIUM} (?:omitid|ocult|ocultad|recebid|enviad|nao suportad)[oa]\W*|\W*{_MEDIUM} omited\W*"
    rf"|[📷📸🖼🎤🎙🎵🎥🎬📹📄📎📍👤]\W*{_MEDIUM}\b.{{0,40}}"
    r"|(?:sticker|image|audio|video|document|ptv|location|contact)mesage|\W*(?:sticker|figurinha)s?\W*"
)


def reply_to_small_talk(message: str) -> str | None:
    """A fitting sentence for a message of nothing but small talk, or in which nothing is asked; else None."""
    if len(message) > _LONGEST:
        return None
    plain = re.sub(r"([^\W\d])\1+", r"\1", fold(written_out(message)))
    if _PLACEHOLDER.fullmatch(plain.strip()):
        return _CANNOT_SEE
    words = " ".join(re.findall(r"\w+", plain))
    if not words:
        return _reply_to_signs(message)
    if re.fullmatch(r"\d{1,2}", words):
        return _NO_MENU
    if not _SMALL_TALK.fullmatch(words):
        return None
    fitting = (reply for pattern, reply in _BY_WORDS if re.search(rf"\b(?:{pattern})\b", words))
    return next(fitting, _GREETING)


def _reply_to_signs(message: str) -> str | None:
    """A reply to emoji and punctuation; None where there is nothing to be seen."""
    for emoji, reply in _BY_EMOJI:
        if any(sign in message for sign in emoji):
            return reply
    return _WHICH_QUESTION if any(sign.isprintable() and not sign.isspace() for sign in message) else None
