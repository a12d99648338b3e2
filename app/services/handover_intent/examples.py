"""What customers write who want to talk to a person, and what only looks like it.

To teach the service a request that it missed, add the message to `requests.txt`, and one that it took for a
request wrongly to `other_messages.txt`: `classifier.py` learns from them. What must be decided for certain
becomes an example here, in `ASKS`, or in `ASKS_ALONE` if it is a request only where nothing else is in the
sentence; in `DOES_NOT_ASK` or `DOES_NOT_ASK_ALONE` if it is none. Write as in a book: case, accents, "um" and
"por favor", abbreviations such as "vc" and slips of the finger make no difference, and a word stands for all
that mean the same in `vocabulary.py`: "posso falar com alguém" also covers "tem como conversar com o gerente".

- Other words may come before and after an example; "." at its end says that the sentence ends there, "?" that it
  is a question.
- "…" stands for up to eight words, ". …" for the end of a sentence, too.
- Of two examples that fit the same words the longer one counts (a "…" makes it a word shorter), of two equally long
  ones that which does not ask.
- A line that begins with "#" is a comment.
"""

ASKS = """
# To talk to somebody.
quero falar com
quero tratar com alguém
quero falar … com alguém
quero esclarecer … com atendente
quero esclarecer … com alguém.
quero resolver … com alguém.
quero opção de atendente
quero esclarecer … com gerente
quero esclarecer … com financeiro
quero resolver … com atendente
quero resolver … com gerente
quero resolver … com financeiro
quero ver … com atendente
quero ver … com gerente
quero ver … com financeiro
quero … falar com alguém
quero falar com vocês por telefone
quero falar por telefone
quero contato telefônico
preciso de contato telefônico
quero retorno telefônico
por telefone com alguém
vou falar com alguém ou não
quero entrar na fila
qual número para atendente
qual opção para atendente
quero falar alguém.
quero falar atendente
quero falar com atendente antes de
preciso falar com alguém
preciso falar … com alguém
preciso esclarecer … com atendente
preciso esclarecer … com alguém.
preciso resolver … com alguém.
preciso esclarecer … com gerente
preciso esclarecer … com financeiro
preciso resolver … com atendente
preciso resolver … com gerente
preciso resolver … com financeiro
preciso ver … com atendente
preciso ver … com gerente
preciso ver … com financeiro
preciso … falar com alguém
preciso falar com o médico
preciso falar com um de vocês
preciso falar atendente
disse que preciso falar com alguém
acho que preciso falar com alguém
posso falar com alguém
posso falar … com alguém
posso esclarecer … com atendente
posso esclarecer … com gerente
posso esclarecer … com financeiro
posso resolver … com atendente
posso resolver … com gerente
posso resolver … com financeiro
posso … falar com atendente
posso … falar com gerente
posso falar com o médico
posso falar com um de vocês
posso falar com human
não posso falar com alguém?
posso falar com atendente sem
saber se posso falar com alguém
ver se posso falar com alguém
como falo com alguém
como faço para falar com alguém
como faço para … falar com alguém
vamos falar com alguém
melhor falar com alguém
prefiro falar com alguém
prefiro falar … com alguém
prefiro esclarecer … com atendente
prefiro esclarecer … com gerente
prefiro esclarecer … com financeiro
prefiro resolver … com atendente
prefiro resolver … com gerente
prefiro resolver … com financeiro
prefiro … falar com alguém
só com atendente
prefiro com alguém
melhor com alguém
quero com atendente
deixa falar com alguém
deixa falar … com alguém
deixa … falar com alguém
me ajuda … falar com alguém
deixa falar com human
estou tentando falar com alguém
estou … tentando falar com alguém
tem … posso falar com alguém
só falo com alguém
pedi … falar com alguém

# Somebody.
quero atendente
quero gerente.
quero gerente agora
quero gente.
quero human.
quero atendimento com alguém
posso ter atendimento humano
quero ter atendimento humano
iniciar atendimento humano
abrir atendimento humano
começar atendimento humano
quero … ajuda de atendente
preciso de atendimento com alguém
quero suporte com alguém
quero opção de falar com alguém
quero atendente para me ajudar
quero atendente que resolva
quero alguém que resolva
quero alguém para falar
preciso de alguém para falar
prefiro atendente
prefiro gente.
prefiro alguém.
preciso de atendente
preciso de atendente para me ajudar
preciso de atendente para me atender
preciso de gerente.
preciso de gerente para me ajudar
preciso de atendente para resolver
preciso de atendente para ontem
preciso de atendente para agora
quero gerente para me ajudar
quero gerente para me atender
quero atendente para me atender
quero atendente para resolver
preciso que alguém me ajude.
preciso que atendente me ajude
preciso que alguém resolva
quero que atendente me ajude
quero que alguém me ajude.
que atendente me ajude
que alguém me ajude de verdade
quero que alguém resolva
peço que alguém me ajude.
quero alguém para me atender
quero alguém … para me atender
quero atendente … me ajude
quero alguém para me ajudar.
quero ajuda de alguém.
quero ajuda de atendente
quero atendimento por telefone
preciso de alguém para me atender
preciso de alguém … para me atender
preciso de alguém … que resolva
preciso de alguém para me ajudar.
preciso de alguém que resolva
preciso de ajuda de alguém.
preciso de ajuda de atendente
preciso de ajuda de gente
estou esperando atendente
estou … esperando atendente
não fui atendido
estou esperando alguém me atender
pedi um atendente
tem humano
tem atendente aí
humano não robô
tem alguém que me atende
tem atendente disponível
tem alguém disponível
tem alguém para me ajudar.
tem alguém para falar
tem atendente para falar
tem atendente para me atender
tem atendente que resolva
tem alguém para falar comigo
tem alguém que resolva
tem ninguém para falar
tem ninguém para me atender
tem ninguém para me ajudar.
tem ninguém que me atende
tem ninguém que resolva
tem ninguém disponível
tem atendente para me ajudar
alguém que me ajude de verdade
alguém que possa me ajudar de verdade
alguém que possa me atender
cadê atendente
cadê gerente.
cadê alguém.
cadê gente.
cadê gente da
cadê gente que atende
cadê financeiro.
cadê financeiro da
cadê financeiro do
cadê alguém para me atender

# To be passed on.
me passa para alguém
me passa … para atendente
me passa alguém.
me passa atendente
me passa gerente
me passa financeiro
me passa human
me passa para falar com
com robô me passa para alguém
falar com robô me passa para alguém
me passa para quem resolve
passa meu caso financeiro
me passa para um cara que resolva
meu caso seja passado para alguém
isso seja passado para alguém
atendimento seja passado para alguém
quero que seja passado para alguém
me pode passar para alguém
me manda atendente
me manda gerente
me manda para atendente
me passa na fila
passa … para atendente
passa conversa para alguém
me transfere.
posso me transferir.
posso me transferir para alguém
passa para atendente
passa para gerente
passa para alguém que
passa para alguém da equipe
passa para alguém do financeiro
passa meu caso para alguém
passa o caso para alguém
passa o atendimento para alguém
passa isso para alguém
manda meu caso para alguém
passa para o financeiro
transfere agora.
transfere aí.
chama atendente
chama gerente
chama financeiro
chama alguém.
me chama gerente
me chama alguém da
me transfere … para alguém
me chama alguém.
como chamo atendente
chama alguém da equipe
chama alguém do financeiro
chama alguém para falar comigo
chama … para falar comigo
chama alguém para me atender
chama alguém para me ajudar.
chama alguém que resolva
posso chamar alguém.
manda atendente
manda para atendente
manda para humano
manda alguém para falar comigo
manda alguém para me atender
manda alguém que resolva
coloca atendente
coloca alguém na conversa.
coloca alguém na linha
troca de atendente
coloca alguém para falar comigo
volta para atendente
quero voltar para atendente

# To be answered.
alguém me atende
vem alguém no chat
vem atendente
vem alguém falar comigo
se tem humano … me atende
se tem atendente … me atende
entra em contato comigo.
alguém pode me atender
alguém … pode me atender
alguém pode ver meu caso
alguém ver meu caso
preciso que alguém ver meu caso
alguém vai me atender
alguém para me atender
alguém da equipe pode me atender
alguém da equipe me atende
atendente pode me ajudar
pode atendente me ajudar
me atende atendente
me ajuda atendente
me ajuda alguém.
atende humano
me atende alguém que
me atende alguém da equipe
me atende alguém.
peço para gerente me atende
peço para … me atende
peço para … me liga
fala para gerente me atende
fala para gerente me liga
gerente … peço para ele me atende
responde humano
alguém responde.
ninguém para me atender
ninguém vai me atender
ninguém me atende.

# To be called.
pode me ligar
quero que me liguem
preciso que me liguem
peço para me ligar
alguém me liga
alguém pode me ligar
alguém me ligar
alguém para me ligar
me liga.
me liga nesse número
prefiro por telefone
me liga no número
me liga no meu
prefiro que me liguem
aguardo contato de alguém.
aguardo contato de atendente
aguardo atendente
vou aguardar atendente
vou aguardar alguém me atende
quero contato de alguém.
quero contato de atendente
quero receber ligação
quero agendar ligação.
quero marcar ligação.
agendar ligação comigo
quero receber contato de

# To be rid of the machine.
não quero falar com robô
não quero falar com máquina
não quero robô.
não quero robô quero
não quero resposta de robô
não quero resposta automática
não quero mensagem automática
não falo com robô
não vou falar com robô
não falo com máquina
não adianta falar com robô
não adianta falar com máquina
chega de robô
cansei de robô
cansei de falar com robô
cansei de falar com máquina
odeio robô.
odeio máquina.
não quero conversar com robô
não quero ficar falando com robô
odeio falar com robô
odeio falar com máquina
quero sair do robô
desliga robô e
quero sair do automático
quero sair do menu
sair do menu e falar
pular robô
resposta pronta. … tem gente
robô. … tem gente
resposta automática. … tem gente
mensagem automática. … tem gente
sair do automático.
quero ajuda de humano
troca robô por alguém
para de me responder automático
para de resposta automática
para de mensagem automática
para de mandar mensagem automática
chega de mensagem automática
chega de resposta automática
chega de resposta pronta
cansei de resposta automática
cansei de resposta pronta
cansei de mensagem automática
robô. … quero alguém.
não adianta. … quero alguém.
não adianta. … passa para alguém.
robô. … passa para alguém.
não adianta. … chama alguém.
não adianta. … prefiro alguém.
não adianta. … preciso de alguém.
cansei. … quero alguém.
ninguém me atende. … quero alguém.
robô. … prefiro alguém.
robô. … preciso de alguém.
máquina. … quero alguém.
quero alguém … robô
prefiro alguém … robô
"""

ASKS_ALONE = """
atendente
atendente aí
humano
human
operador
oi atendimento humano
atendimento com pessoa
falar com alguém
falar com alguém sobre
falar com alguém da equipe
falar com alguém do financeiro
quero falar com atendimento
opção falar com alguém
escolho falar com alguém
opção atendente
alguém disponível
me liga
me liga logo
liga para mim
pode me transferir
pode chamar atendente
robô não
sem robô
sair do robô
desliga robô
só com humano
transfere
transfere logo
pode transferir
com humano
com atendente
passa para alguém
transfere atendimento
passa atendimento
transfere conversa
chama alguém da loja
quero ser atendido
alguém para me ajudar
"""

DOES_NOT_ASK = """
# No, or not yet.
não quero falar com
não quero … falar com alguém
não quero … me passa para alguém
não quero atendente
não quero gerente.
não quero robô aspirador
não quero que me liguem
não quero me passa
não preciso falar com alguém
não preciso de atendente
não preciso de ajuda de alguém
não precisa falar com alguém
não precisa de atendente
não precisa me passar para alguém
não precisa passar para alguém
não precisa me transfere
não precisa chamar alguém
não precisa me ligar
não acho que preciso falar com alguém
não acho que quero falar com
não sei se quero falar com
não sei se preciso falar com alguém
não me passa para alguém
não passa para alguém
não é para passar para alguém
não me transfere.
não chama alguém
não me liga
não podem me ligar
não posso falar com
não pode me atender
nunca posso falar com alguém
no quiero falar com
no necesito falar com alguém
quero atendente não.
sem falar com alguém
sem … falar com alguém
sem atendente
sem precisar falar com alguém

# Under a condition, or a question about it.
se … quero falar com
se … quero atendente
se … preciso falar com alguém
se … preciso de atendente
se … posso falar com alguém
se … pode me atender
se … pode me ligar
se … chama alguém
se … me passa para alguém
se … alguém me liga
se … alguém me atende
se … entra em contato comigo
que horas posso falar com alguém
que horas quero falar com
que horas pode me atender
que horas pode me ligar
que dia posso falar com alguém
por que preciso falar com alguém
por que quero falar com
é preciso falar com alguém
que preciso falar com alguém
do preciso falar com alguém
preciso falar com alguém … ?
preciso … falar com alguém … ?
meu … posso falar com alguém
minha … posso falar com alguém
preciso de atendente … ?
preciso de atendente ou
melhor falar com alguém … ?
posso falar com alguém … domingo
posso falar com alguém … horas
posso falar com alguém … telefone
posso falar com alguém … amanhã
posso falar com alguém … pessoalmente
posso falar com alguém … sem
pode me atender … domingo
pode me atender … horas
pode me atender … amanhã
tem atendente disponível … domingo
tem alguém disponível … domingo
tem humano que
tem humano … domingo
tem humano … horas
tem atendente disponível … horas
quem posso falar com alguém
quem pode me atender
quem me atende
como desliga robô

# What somebody said, or what is past.
quem disse que quero falar com
disse que posso falar com alguém
ele disse quero falar com
alguém disse quero falar com
estava tentando falar com alguém
quero falar com alguém … ontem mas
preciso falar com alguém … ontem mas
alguém me atende … ontem
alguém me liga … ontem
alguém que me atende
gerente vai me atender
gerente vai me ligar
técnico vai me atender
técnico vai me ligar
técnico me ligar
robô me passa para alguém

# Somebody or something else.
quero tratar com
quero falar com vocês
quero falar com robô
quero falar com máquina
quero falar com meu
quero falar com minha
quero falar com cliente
quero falar com outros
quero falar com alunos
quero falar com quem já
quero falar com quem comprou
quero falar com … antes
quero falar com … primeiro
quero falar com público
quero falar com propriedade
quero falar com fluência
quero falar com segurança
quero falar com confiança
quero falar com calma
quero falar com clareza
falar com alguém antes de
falar com alguém antes.
falar com alguém aqui antes
falar com alguém primeiro
falar com alguém e te aviso
falar com alguém e aviso
falar com alguém já volto
falar com alguém e já volto
falar com alguém depois volto
falar com alguém da minha
falar com alguém da família
falar com alguém do meu
falar com alguém do banco
falar com alguém de casa
falar com alguém da casa
falar com alguém que já
falar com alguém que comprou
falar com alguém que tem
falar com alguém que usa
falar com pessoa surda
falar com pessoa jurídica
falar com pessoa física
falar com pessoa idosa
falar com alguém famoso
quero atendente para
quero atendente de
quero atendente com
quero atendente no
quero atendente na
quero atendente em
quero atendente que
quero atendente incluso
quero atendente 24
preciso de atendente para
preciso de atendente de
preciso de atendente com
preciso de atendente no
preciso de atendente na
preciso de atendente em
preciso de atendente que
preciso de ajuda de alguém para
quero atendimento com alguém que
chama alguém para
chama meu
chama meu … para falar comigo
chama minha
chama minha … para falar comigo
passa para alguém que vai
manda alguém para
prefiro robô
"""

DOES_NOT_ASK_ALONE = """
oi atendente
o atendente
a atendente
é o atendente
é atendente
é humano
"""

WITHDRAWN = """
deixa pra lá
deixa quieto
esquece
não precisa mais
já resolvi
já consegui resolver
never mind
nevermind
"""
"""Whoever writes one of these wants nothing any more, whatever comes before it."""
