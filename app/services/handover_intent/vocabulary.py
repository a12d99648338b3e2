"""Which words mean the same in a request for a person, and which mean nothing."""

SAME_MEANING = {
    # Whom one wants to talk to.
    "alguém": """uma pessoa, pessoa, outra pessoa, someone, somebody, a person, person, alguien, una persona,
        persona""",
    "atendente": """atendentes, operador, operadora, agente humano, assistente humano, operador humano, agent,
        live agent, human agent, representative, agente, asesor, asesora, agente de atendimento""",
    "humano": """humana, ser humano, seres humanos, atendente humano, atendente humana, atendente real,
        atendente de verdade, pessoa real, pessoa de verdade, pessoa humana, pessoa viva, pessoa de carne e
        osso, alguém real, alguém de verdade, alguém humano, alguém de carne e osso, gente de verdade, gente
        real, gente de carne e osso, humano de verdade, humano real, vendedor humano, vendedor real, vendedor de
        verdade, real person, real human, actual person, human being, persona real, persona de verdad, persona
        humana, agente real, alguien real, operador de verdade, gente humana""",
    "atendimento humano": """atendimento humanizado, atendimento real, atendimento de verdade, atendimento com
        humano, atendimento por humano, atendimento com pessoa, atendimento com gente, atendimento com pessoa
        real, atendimento com ser humano, atendimento personalizado com pessoa, atendimento por pessoa,
        atendimento de gente, atendimento de pessoa, atendimento pessoal, suporte humano, suporte de verdade,
        suporte real, ajuda humana, assistência humana, contato humano, human support, human help, atencion
        humana, soporte humano, ayuda humana""",
    "human": "live human",
    "oi": """oie, olá, opa, alô, bom dia, boa tarde, boa noite, tudo bem, td bem, tudo bom, hello, hi, hey,
        hola, buenas, buenos dias""",
    "gerente": """gerência, dono, dona, proprietário, proprietária, responsável, supervisor, supervisora,
        coordenador, coordenadora, encarregado, encarregada, chefe, vendedor, vendedora, vendedores, consultor,
        consultora, especialista, representante, funcionário, funcionária, superior, superiora, diretor,
        diretora, direção, coordenação, assessor, assessora, quem entende, manager, encargado, encargada, quem
        manda, quem resolve""",
    "técnico": """corretor, corretora, técnica, advogado, advogada, professor, professora, nutricionista,
        psicóloga, psicólogo, engenheiro, contador, contadora, secretária, secretário, recepcionista, analista""",
    "médico": "médica, doutor, doutora, dr, dra, dentista, sr, sra",
    "financeiro": """pessoal, time, comercial, suporte, suporte técnico, assistência técnica, área técnica,
        vendas, cobrança, jurídico, administrativo, ouvidoria, sac, recepção, secretaria, equipe, equipa,
        central, central de atendimento, central de relacionamento, atendimento ao cliente, setor, setor de
        vendas, setor de cobrança, setor financeiro, setor comercial, setor responsável, setor técnico,
        departamento, pós-venda, pós venda, support, billing, sales, soporte, ventas""",
    "gente": "",
    "máquina": "máquinas, computador, ia, inteligência artificial, sistema",
    "sair do": "sai, sair desse, saia, fora, vaza, some",
    "robô": """robo, robos, bot, bots, chatbot, chat bot, assistente virtual, atendente virtual, atendentes
        virtuais, atendente digital, atendente automático, atendente eletrônico, atendimento automático,
        atendimento automatizado, gravação, robot, sistema automático""",
    # What one wants.
    "quero": """queria, queremos, queríamos, a gente quer, a gente queria, solicitar, pedir, gostaria, gostaria
        de, gostaria d, gostaria que, gostava de, desejo, exijo, solicito, peço, vou querer, quero poder, queria
        poder, gostaria de poder, tenho interesse em, querendo, quiero, quisiera, deseo, me gustaria, want to,
        want, would like to, would like, d like to, wanna, gostaria do, gostaria da""",
    "preciso": """precisava, precisamos, precisando, necessito, tenho que, tenho necessidade de, necesito,
        preciso d, vou precisar, vou precisar de, preciso de, precisava de, precisando de, precisamos de,
        necessito de, i need, i need to, we need to, need to, preciso do, preciso da""",
    "prefiro": "preferia, prefer, prefer to, eu prefiro",
    "posso": """pode, podes, podem, podia, podiam, poderia, poderiam, poderíamos, podemos, consigo, consegue,
        conseguem, conseguiria, tem como, teria como, há como, tem jeito de, dá para, daria para, da p, é
        possível, e possível, seria possível, rola, rolaria, dá jeito de, dá um jeito de, puedo, puedes, puede,
        podría, se puede, es posible, can i, could i, may i, can you, could you, is it possible to, existe
        possibilidade de, há possibilidade de, tem possibilidade de, tem a possibilidade de, existe a
        possibilidade de""",
    "como faço para": """como fasso para, como faz para, como fazer para, como posso, como consigo, como que
        faço para, o que faço para, o que fazer para, o que preciso fazer para, o que tenho que fazer para, o
        que devo fazer para, o que tenho que digitar para, o que digito para, qual opção para, qual opção aperto
        para, qual número para, how do, how can""",
    "como falo com": "como que falo com, como converso com, como hablo con",
    "falar": "conversar",
    "falar com": """falar é com, falar e com, conversar com, falar por ligação com, papo com, bater um papo com,
        trocar ideia com, tratar com, tratar isso com, tratar disso com, resolver com, resolver isso com, ver
        isso com, tirar uma dúvida com, tirar dúvida com, tirar dúvidas com, tirar umas dúvidas com, negociar
        com, fechar com, fechar a compra com, comprar com, reclamar com, fazer uma reclamação com, fazer uma
        reclamação para, entrar em contato com, entrar em contacto com, contato com, ter contato com, continuar
        com, continuar falando com, voltar a falar com, seguir com, marcar ligação com, marcar conversa com,
        marcar reunião com, agendar ligação com, agendar conversa com, agendar reunião com, ser atendido por,
        ser atendida por, ser atendido pelo, ser atendida pela, ser transferido para, ser transferida para, ser
        encaminhado para, ser encaminhada para, ser direcionado para, ser direcionada para, colocar em contato
        com, hablar con, comunicarme con, contactar con, talk to, talk with, speak to, speak with, chat with, be
        transferred to, be connected to, conversa com, ficar falando com""",
    "me passa": """me passar, me passe, me passem, passa me, passar me, passe me, me encaminha, me encaminhar,
        me encaminhe, me conecta, me conectar, me conecte, me coloca, me colocar, me coloque, me põe, me bota,
        me joga, me liga com, me coloca em contato com, me põe em contato com, me bota em contato com, me por em
        contato com, me pôr, me leva, pasame, pásame, me pasas, me pasar, me pasa, comunicame, comuníqueme,
        connect me, connect me with, connect me to, put me, put me through, put me through to""",
    "me transfere": """me transferir, me transfira, me transferem, transferir me, me direciona, me direcionar,
        me direcione, me redireciona, me redirecionar, transfer me, transfer me to, transfiereme""",
    "me manda": "me mandar, me mande",
    "para": "para o, ao, con, com, through to",
    "volta": "voltar, volte, devolve, me devolve, devolver, retornar",
    "passa": "passar, pasar, passe, transferência, encaminha, encaminhar, encaminhe",
    "transfere": """transferir, transfira, direciona, direcionar, direcione, redireciona, redirecionar, conecta,
        conectar, transfer, connect""",
    "chama": "chamar, chame, chamem, chamando, aciona, acionar, acione",
    "manda": "mandar, mande, mandem, envia, enviar",
    "coloca": "colocar, coloque, bota, botar, bote, põe",
    "me atende": """me atender, me atendendo, me atenda, me atendam, me atendem, me atendesse, me responde, me
        responder, me responda, me respondam, falar comigo, fala comigo, fale comigo, falem comigo, falasse
        comigo, conversar comigo, entrar em contato, entre em contato, entrasse em contato, entra em contato,
        entrem em contato, entrar em contato comigo, entre em contato comigo, entrasse em contato comigo, me
        retorna, me retornar, me retorne, me retornasse, me retornem, dar um retorno, me dar um retorno, me dar
        atenção, me chamar, me chame, me chama, me contatar, assumir, assuma""",
    "deixa": "deixe, let me",
    "melhor": "acho melhor, é melhor, seria melhor",
    "desliga": "desative, desligue, desligar, desativa, desativar, tira, tirar, tire, remove",
    "vamos": "bora, let s",
    "só falo com": "só converso com",
    "me ajudar": "me ajude, me ajuda, me ajudasse, ajudar, resolver, resolver isso, tirar uma dúvida, atender",
    "ajude": "ajudar, ajuda, ajudasse",
    "resolva": "resolver, resolve, entenda, entende, saiba, possa resolver, possa me atender, possa ajudar, decida",
    "me liga": """me dá ligada, me dê ligada, dá ligada, me faz ligação, me ligue, me liguem, me ligasse,
        me ligassem, me telefona, me telefone, liga para mim, ligue para mim""",
    "me ligar": "me ligam, me telefonar, ligar para mim",
    "cadê": "cade, kd, kede, onde está, onde tá, onde anda",
    "tem": "têm, existe, há",
    "estou": "tô, to, tou, estamos, fico, fiquei, continuo",
    "esperando": "aguardando, na espera de, à espera de, na fila para",
    "aguardo": "aguardo o, espero, espero o",
    "contato de": "retorno de, ligação de, chamada de",
    # What one is tired of.
    "chega de": "chega desse, chega dessa, chega com, basta de, sem mais",
    "cansei de": """cansei desse, cansei dessa, cansei deste, cansado de, cansada de, cansado desse, cansada
        desse, de saco cheio de, de saco cheio desse, de saco cheio dessa, farto de, farta de, farto desse, não
        suporto, não aguento mais, não aguento, enjoei de, desisto de, desisto desse, cansei do, desisto do,
        cansei da""",
    "para de": "pare de, parem de, para com, pare com, parem com, para com essa, pare com essa, parem com essa",
    "automático": "automática, automáticas, automáticos, automaticamente, automatizada, no automático",
    "atendido": "atendida, atendidos, atendidas",
    "disponível": "disponíveis, online, on line, livre",
    "resposta": "respostas, responder",
    "mensagem": "mensagens, msg, msgs",
    # What says no, or that it is about something else.
    "não": "nem, num, dont, don t, do not, nunca mais",
    "sábado": """domingo, sábados, domingos, feriado, feriados, segunda, terça, quarta, quinta, sexta, fim de
        semana, final de semana, à noite, de noite, de madrugada, saturday, sunday, weekend""",
    "se": "caso, quando, if, when",
    "que horas": "até que horas, a que horas, em que horário, what hours, what time",
    "horas": "hora, horário, horários, hours",
    "amanhã": "depois de amanhã, semana que vem, mais tarde, tomorrow",
    "ele": "ela, eles, elas, minha mãe, meu pai, meu marido, minha esposa",
    "disse": "falou, diz, dizia, falei, avisou",
    "antes": "before, first",
    "telefone": "ligação, phone",
}
"""Words and phrases that mean the same here, after the one that stands for them all in the examples."""

KIND_OF = {
    "humano": "atendente",
    "atendimento humano": "atendente",
    "human": "alguém",
    "atendente": "alguém",
    "gerente": "alguém",
    "técnico": "alguém",
    "financeiro": "alguém",
    "gente": "alguém",
    "me transfere": "me passa",
    "me liga": "me ligar",
    "transfere": "passa",
}
"""An example that has the second word also fits where the customer wrote the first one."""

MEANINGLESS = """
um, uma, uns, umas, algum, alguma, alguns, algumas, outro, outra, seu, sua, the, an, any, some, your, una, un, el,
la, los, las, algun, alguna, por favor, porfavor, por gentileza, se faz favor, faz favor, faça o favor, fazendo
favor, please, pls, plz, favor, se possível, se puder, se der, se puderem, quando puder, quando puderem, assim que
possível, assim que puder, assim que puderem, o quanto antes, o mais rápido possível, pelo amor de deus, por deus,
na moral, né, eu, i, we, yo, nós, você, cê, tu, era, então, muito, mto, mesmo, também, ainda, hoje, urgente,
urgentemente, com urgência, imediatamente, direto, diretamente, tipo, assim, just, really
"""
"""Words and phrases that are left out before anything is compared."""

ARTICLES = "o, a, os, as"
"""They say something only where an example stands alone: "atendente" asks, "o atendente" does not."""

OPTIONAL = """
o, a, os, as, esse, essa, este, esta, mais, já, logo, só, somente, apenas, agora, aqui, aí, ae, sim, mas, e, é,
oi, moço, moça, amigo, amiga, querido, querida, gente boa, senhor, senhora, ok, a gente, vocês, voces, de vocês,
de voces, da loja, da empresa, daqui, daí, desse, dessa, com vocês, em contato, pessoalmente, para mim, por aqui,
no chat, na conversa, ahora, now
"""
"""Words and phrases that may stand between, before or after the words of an example."""

SPELLINGS = {
    "quero": "qro, kero, qero, qeru, quelo",
    "queria": "qria, keria, qeria",
    "falar": "flr, fla, fala",
    "com": "c, cm, cum",
    "para": "p",
    "preciso": "pciso, preciço, presizo, precizo",
    "não": "nao, n, ñ, naum",
    "verdade": "vdd, vdade",
    "humano": "umano, umana",
    "atendente": "atentende, atendete, atendent",
}
"""Short and phonetic spellings, besides those of all chats."""

OFTEN_MISSPELT = """
atendente, atendimento, humano, pessoa, alguém, gerente, vendedor, responsável, supervisor, consultor, falar,
quero, queria, gostaria, preciso, transfere, conversar
"""
"""Words that are recognised with one letter wrong, missing, doubled or exchanged with the next."""

REAL_WORDS = """
quer, queira, pessoas, pessoais, humanos, humanas, precisa, precise, precisou, falas, falam, falarem, faltar,
falhar, conversa, conversas, vendedoras
"""
"""Words that are no slips of the finger, though they are as near to one of `OFTEN_MISSPELT`."""
