"""A customer's plain wish to talk to a human being, recognised without a model."""

import re

from app.domain.folding import fold

_CHANGES_NOTHING = re.compile(
    r"\b(?:(?:por|se faz|faz) favor|porfavor|por gentileza|pf|pfv|pfvr|pls|plz|please|eu|yo|so|apenas|muito|mto"
    r"|mesmo|com urgencia|urgente|urgentemente|p[ro]a ja|ja|logo|agora|ahora|now|imediatamente|diretamente|direto"
    r"|aqui|ai|ae|entao|just|really)\b"
)
_GREETING = r"(?:oi+e?|ola|opa|bom dia|boa tarde|boa noite|hello|hi|hey|hola|buenas|buenos dias)"

# Who: _STAFF can only be somebody of the business, _SOMEBODY only where the words after it allow it.
_ATTENDANT = (
    r"(?:att?[ei]nd[ei]nt[ei]?|an?tendente|atendn?ete|ate[dm]+ente|aten[td]en[dt]e|atende[mn]te|atendnte)s?"
)
_SERVICE = (
    r"(?:(?:atendimento|suporte|assistencia|ajuda|contac?to|atencion|soporte|ayuda) h?uman[oa]"
    r"|atendimento (?:com|por) (?:uma? )?(?:h?umano|pessoa|atendente)|human (?:support|help|assistance))"
)
_STAFF = (
    rf"(?:{_ATTENDANT}(?: h?uman[oa])?|(?:ser |operador |agente |assistente )?h?uman[oa]|{_SERVICE}"
    r"|(?:pess?oa|persona|gente|algu?e[mn]|alguien) (?:real|humana|viva|de (?:verdade|vdd|verdad|carne))"
    r"|(?:real|live|actual|human) (?:person|human|agent|being|representative|operator))"
)
_SOMEBODY = (
    r"(?:pess?oa|algu?e[mn]|agente|gerente|don[oa]|vendedora?|responsavel|supervisora?|operadora?|representante"
    r"|consultora?|funcionari[oa]|encarregad[oa]|equipe|equipa|persona|alguien|asesora?|encargad[oa]"
    r"|human|person|someone|somebody|agent|representative|rep|manager|operator|supervisor)"
)
_ARTICLE = (
    r"(?:(?:uma?|o|a|os|as|algum|alguma|outr[oa]|seu|sua|una?|el|la|algun|otr[oa]|an|the|some|any|another|your) )?"
)
_OF_BUSINESS = (
    r"(?: (?:d[aoe]|dess[ae]|del|de la|from|in)(?: (?:the|your))? (?:equipe|equipa|time|suporte|atendimento|empresa"
    r"|loja|financeiro|setor|area|vendas|comercial|voces|vcs|sac|departamento|equipo|tienda|soporte|ventas"
    r"|team|support|sales|billing|staff|company)\b)"
)
_MATTER = (
    r"(?: (?:sobre|porque|pq|pois|pelo|pela|por|nao|e nao|em vez|ao inves|responsavel|meu|minha|about|because"
    r"|(?:para|pra) (?:me|isso|resolver|tirar|tratar|explicar|entender|cancelar|reclamar)|instead"
    r"|que (?:me|possa|entenda|resolva|saiba|pueda)|who can|to (?:help|solve|fix))\b)"
)
_BUT_NONE = r" (?:ontem|ayer|yesterday|virtual|virtuais|digital|robo|bot|automatic\w+|eletronic\w+|ia)\b"
_JOB_OR_PLACE = (
    r" (?!(?:para|pra) (?:me|isso|falar|resolver|tratar|atender|ajudar)\b|de (?:voces|verdade)\b|que me\b)"
    r"(?:para|pra|pro|de|do|da|com|no|na|em|que|nao|ou|incluso|24\w*|for|with|in|at)\b"
)
_PERSON = rf"{_ARTICLE}(?:{_STAFF}(?!{_BUT_NONE})\b|(?P<somebody>{_SOMEBODY}(?:{_OF_BUSINESS}|{_MATTER}|$)))"

# What is wished of the person.
_TALK = (
    r"(?:(?:falar?|fla|flr|conversar?|tratar|entrar em contac?to|ter contac?to|hablar|comunicarme|contactar)"
    r"(?: e)? (?:com|cm|c|con)|(?:talk|speak|chat) (?:to|with))"
)
_BE_SERVED = (
    r"(?:ser (?:atendid|transferid|encaminhad|direcionad)[oa] (?:por|pra|para|pro|pelo|pela|a|ao)|ajuda de"
    r"|be (?:transferred|connected) to)"
)
_WISH = (
    r"(?:quero|qro|kero|qero|queria|queremos|a gente quer|querendo|gostaria(?: de)?|gostava de|preciso(?: de)?"
    r"|precisando|precisava(?: de)?|precisamos|necessito(?: de)?|desejo|prefiro|exijo|solicito"
    r"|quiero|quisiera|necesito|deseo|me gustaria|(?:i|we) (?:want|need|would like|d like|prefer|wanna)(?: to)?)"
)
_MAY = (
    r"(?:posso|podia|poderia|podemos|consigo|conseguiria|(?:tem|teria|ha|haveria) como|da(?:ria)? (?:para|pra|p)"
    r"|(?:e|seria) possivel|(?:como|o que) (?:faco|fasso|posso|consigo|faz|fazer)(?: para| pra)?|puedo|podria"
    r"|se puede|es posible|como puedo|can i|could i|may i|how (?:do|can) i|is it possible to"
    r"|deixa|deixe me|let me|(?<!estava )tentando)"
)
_HAND = (
    r"(?:passar?|passe|pasas|pasar|transfer(?:e|ir)|transfira|encaminh(?:a|e|ar)|(?:re)?direcion(?:a|e|ar)"
    r"|conect(?:a|e|ar)|(?:coloc(?:a|ar)|coloque)(?: em contato)?|mand(?:a|e|ar)|bota|lig(?:a|ue|ar)"
    r"|transfer|connect|put|pass)"
)
_HAND_ME = (
    rf"(?:(?:me|nos) {_HAND}|{_HAND} (?:me|nos)|pas[ae]me|comuni(?:ca|que)me|transfi(?:ere|era)me|conect[ae]me)"
)
_TO = r"(?:(?:para|pra|pro|p|ao|a|com|con|to|with|through to) )?"
_PLEASE = (
    rf"(?:(?:{_GREETING}|voces?|vcs?|tu|pode|podes|podem|podia|poderia|consegue|tem como|da pra|favor"
    r"|(?:me )?puedes?|podria|(?:quero|preciso|peco|gostaria) que|(?:peca|pede|peco) (?:para|pra)"
    r"|(?:can|could|will) you) ){0,4}"
)
_SERVE_ME = r"(?:me (?:atend(?:er|a)|ajud(?:ar|e)|lig(?:ar|ue)|cham(?:ar|e)|respond(?:er|a))|fal(?:ar|e) comigo)"

_WISHES = re.compile(
    rf"\b{_WISH} (?:(?:{_TALK}|{_BE_SERVED}) {_PERSON}"
    rf"|{_ARTICLE}(?:{_STAFF}(?!{_BUT_NONE}|{_JOB_OR_PLACE})\b|human$))"
)
_MAY_I_TALK = re.compile(rf"\b(?:{_MAY} {_TALK}|como (?:falo|converso|hablo) (?:com|con|c)) {_PERSON}")
_DEMANDS = re.compile(
    rf"{_PLEASE}(?:{_HAND_ME} {_TO}(?:falar com )?{_PERSON}"
    rf"|{_HAND} {_TO}{_ARTICLE}{_STAFF}(?:{_OF_BUSINESS}|{_MATTER}|$)"
    rf"|(?:{_TALK}|chamar?|chame) {_ARTICLE}(?:{_STAFF}|{_SOMEBODY}){_OF_BUSINESS}?$"
    rf"|(?:uma?|algum|alguma) {_STAFF} (?:(?:pode|poderia|podia|consegue) )?{_SERVE_ME}$)"
)
_NAMES_PERSON = re.compile(
    rf"(?:(?:uma?|una?|an?) )?(?:{_STAFF}|human|agent|representative)|{_GREETING} {_SERVICE}"
)
_NAMES_MACHINE = re.compile(r"\b(?:robos?|bots?|chatbot|maquinas?|ia|robot)\b")
_PERSON_INSTEAD = re.compile(rf"\b{_WISH} (?:uma|una|a) (?:pess?oa|persona|person)$")

# What looks like a wish and is none.
_REFUSED = re.compile(
    rf"(?:\b(?:nao|nem|nunca|no|quem|ele|ela|eles|elas|cliente|falou|disse|diz)(?: \w+ (?:que|se))?"
    r"|^e(?= preciso)|\bo que(?= preciso)|\b(?<!sera )(?<!acho )que(?= (?:posso|consigo|tem|da)))"
    rf" (?:{_WISH}|{_MAY})\b"
)
_UNDER_CONDITION = re.compile(
    r"\b(?:(?<!saber )(?<!ver )se|(?<!saber )si|caso|quando|cuando|sempre que|(?:por|pra|para) que|qual|quais"
    r"|quantos?|que horas|onde|(?<!wondering )(?<!know )if|when|why)\b"
)
_DUTY = re.compile(r"\b(?:preciso|necessito|necesito|need)\b")
_AVAILABILITY = re.compile(
    r"\b(?:horas?|\d+h|horarios?|sabados?|domingos?|feriados?|segunda|fi(?:m|ns) de semana|noite|amanha|24|depois"
    r"|telefone|ligacao|pessoalmente|saturday|sunday|weekends?|tomorrow|hours|phone)\b"
)
_OWN_ERRAND = re.compile(r"\b(?:antes|primeiro|depois|volto|retorno|(?:te|lhe) \w+o|before|first)\b")
_WITHDRAWN = re.compile(
    r"\b(?:deixa (?:pra|para) la|deixa quieto|esquece|nao precisa mais|(?<!nao )(?:resolvi|consegui resolver)"
    r"|never ?mind)\b"
)


def wants_person(text: str) -> bool:
    """Whether any sentence of `text` plainly asks for a human being (Portuguese, Spanish or English).

    Doubtful messages are False: silencing the assistant wrongly is worse than missing a wish, which the
    model can still notice. `text` may hold several messages, one per line; the time is linear in its length.
    """
    plain = re.sub(r"(\w)\1{2,}", r"\1", fold(text))
    return not _WITHDRAWN.search(plain) and any(_line_asks(line) for line in plain.splitlines())


def _line_asks(line: str) -> bool:
    words = _words(line)
    if _NAMES_PERSON.fullmatch(words) or (_NAMES_MACHINE.search(words) and _PERSON_INSTEAD.search(words)):
        return True
    return any(_sentence_asks(sentence) for sentence in re.findall(r"[^.!?;]+\??", line))


def _sentence_asks(sentence: str) -> bool:
    if _UNDER_CONDITION.match(_words(sentence)):
        return False
    about_times = bool(_AVAILABILITY.search(sentence))
    own_errand = bool(_OWN_ERRAND.search(sentence))
    found = (_wish(clause, about_times) for clause in re.split("[,()]", sentence))
    return any(wish and not (own_errand and wish["somebody"]) for wish in found)


def _wish(clause: str, about_times: bool) -> re.Match[str] | None:
    words = _REFUSED.sub("-", _words(clause))
    if "?" in clause and _DUTY.search(words):
        return None
    wish = _WISHES.search(words) or _DEMANDS.match(words)
    if not wish and not about_times:
        wish = _MAY_I_TALK.search(words)
    return wish if wish and not _UNDER_CONDITION.search(words[: wish.start()]) else None


def _words(text: str) -> str:
    """The words of `text`, one space between them, without those that change nothing."""
    kept = _CHANGES_NOTHING.sub("", " ".join(re.findall(r"\w+", text)))
    return " ".join(kept.split())
