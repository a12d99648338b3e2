"""Expands the abbreviations of Brazilian chats: "vc sabe qto custa?" becomes "você sabe quanto custa?"."""

import re

_WRITTEN_OUT = {
    **dict.fromkeys(("vc", "ce", "cê"), "você"),
    "vcs": "vocês",
    **dict.fromkeys(("qto", "qnt", "qnto"), "quanto"),
    "qtos": "quantos",
    "qta": "quanta",
    "qtas": "quantas",
    **dict.fromkeys(("qdo", "qnd", "qndo"), "quando"),
    **dict.fromkeys(("tb", "tbm", "tmb"), "também"),
    **dict.fromkeys(("pq", "pke", "porq"), "por que"),
    "hj": "hoje",
    "oq": "o que",
    "oque": "o que",
    **dict.fromkeys(("q", "ke"), "que"),
    **dict.fromkeys(("n", "ñ", "naum"), "não"),
    "eh": "é",
    "msm": "mesmo",
    "cmg": "comigo",
    "td": "tudo",
    "tds": "todos",
    **dict.fromkeys(("mto", "mt", "mtu"), "muito"),
    "mta": "muita",
    "dps": "depois",
    "agr": "agora",
    "ngm": "ninguém",
    "kd": "cadê",
    "vlr": "valor",
    "obg": "obrigado",
    **dict.fromkeys(("pfv", "pf", "pfvr"), "por favor"),
    "blz": "beleza",
    "pra": "para",
    "pro": "para o",
    "aki": "aqui",
    "cm": "com",
    "gnt": "gente",
}
_WORD = re.compile(r"\b\w+\b")


def written_out(text: str) -> str:
    """`text` with the usual abbreviations expanded; everything else is unchanged."""
    return _WORD.sub(lambda word: _WRITTEN_OUT.get(word[0].lower(), word[0]), text)
