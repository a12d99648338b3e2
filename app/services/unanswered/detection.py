"""Recognizes answers that say the assistant does not know."""

import re

from app.domain.answers import Answer
from app.domain.folding import fold

# What comes later qualifies an answer that was given.
_BEGINNING = 250

_NO_INFORMATION = (
    r"\bnao (?:tenho|temos|encontr(?:ei|amos)|possu(?:o|imos)|localizei|achei|disponho|ha|existe|consta|constam)\b"
    r"[^.!?\n]{0,40}\b(?:informac\w+|detalhes?|respostas?)\b"
)
_CANNOT_TELL = (
    r"\bnao (?:sei|saberia|consigo|consegui|posso|tenho como)(?: te| lhe)? "
    r"(?:informar|dizer|responder|confirmar|precisar|esclarecer|encontrar)\b"
)
_OTHERS = (
    r"\bnao sei\s*[.!,;]",
    r"\bdesconheco\b",
    r"\bnao (?:encontrei|localizei|achei) (?:isso|nada)\b",
    r"\bnao (?:esta|estao|foi|foram) (?:informad|mencionad|encontrad)\w+\b",
    r"\bnao foi possivel (?:encontrar|localizar|confirmar)\b",
    r"\b(?:essa|esta) informacao nao\b",
    r"\bsem (?:essa|esta) informacao\b",
    r"\b(?:i|we) (?:do not|don.?t) (?:have|know)\b[^.!?\n]{0,40}\b(?:information|details?|answer|that|this)\b",
    r"\b(?:i|we) (?:could not|couldn.?t|cannot|can.?t) (?:find|tell|confirm)\b",
    r"\bno (?:tengo|tenemos|encontre|dispongo de)\b[^.!?\n]{0,40}\b(?:informacion|datos?|detalles?|respuesta)\b",
    r"\bno (?:lo )?se\s*[.!,;]",
)
_UNKNOWN = re.compile("|".join((_NO_INFORMATION, _CANNOT_TELL, *_OTHERS)))


def is_unanswered(answer: Answer) -> bool:
    """Whether the assistant did not know: its answer begins so, or a model called a person by itself."""
    if answer.handover_reason is not None:
        return answer.model is not None
    return _UNKNOWN.search(fold(answer.text[:_BEGINNING])) is not None
