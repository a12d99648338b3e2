"""Which words mean the same in a request for a person, and which mean nothing."""

SAME_MEANING = {
    # Whom one wants to talk to.
    "alguém": """uma pessoa, pessoa, outra pessoa, someone, somebody, a person, person, alguien, una persona,
        persona, qualquer pessoa, alguém de vocês, quem me atendeu, pessoa que me atendeu, moça que me atendeu,
        rapaz que me atendeu, mulher que me atendeu, menina que me atendeu, moço que me atendeu, anyone,
        anybody, alguna persona, alguno de ustedes, one of you, colega de vocês, vivente""",
    "atendente": """atendentes, operador, operadora, agente humano, assistente humano, operador humano, agent,
        live agent, human agent, representative, agente, asesor, asesora, agente de atendimento, operador de
        atendimento, telefonista, ejecutivo, teleoperador, support agent, customer service agent, customer
        service representative, operadores, agentes""",
    "humano": """humana, ser humano, seres humanos, atendente humano, atendente humana, atendente real,
        atendente de verdade, pessoa real, pessoa de verdade, pessoa humana, pessoa viva, pessoa de carne e
        osso, alguém real, alguém de verdade, alguém humano, alguém de carne e osso, gente de verdade, gente
        real, gente de carne e osso, humano de verdade, humano real, vendedor humano, vendedor real, vendedor de
        verdade, real person, real human, actual person, human being, persona real, persona de verdad, persona
        humana, agente real, alguien real, operador de verdade, gente humana, profissional humano, funcionário
        humano, colaborador humano, consultor humano, alguém vivo, alma viva, gente viva, alguém que não seja
        robô, alguém que não é robô, pessoa que não seja robô, atendente vivo, funcionário de verdade,
        funcionário real, alguém que não seja máquina, alguém que não seja uma máquina, alguém que não é
        máquina, pessoa que não seja máquina, alguém que não seja ia, alguém que não seja bot, alguém que não
        seja um robô""",
    "atendimento humano": """atendimento humanizado, atendimento real, atendimento de verdade, atendimento com
        humano, atendimento por humano, atendimento com pessoa, atendimento com gente, atendimento com pessoa
        real, atendimento com ser humano, atendimento personalizado com pessoa, atendimento por pessoa,
        atendimento de gente, atendimento de pessoa, atendimento pessoal, suporte humano, suporte de verdade,
        suporte real, ajuda humana, assistência humana, contato humano, human support, human help, atencion
        humana, soporte humano, ayuda humana, apoio humano, auxílio humano, resposta humana, retorno humano,
        resposta de pessoa, resposta de alguém, resposta de gente, resposta pessoal, resposta de humano, atenção
        humana, sac humano, central humana, canal humano""",
    "ninguém": """ninguém de carne e osso, ninguém de verdade, ninguém real, nenhuma pessoa, nenhum humano,
        nenhum ser humano, nenhum atendente, nenhuma atendente, nenhuma alma viva, nenhum funcionário, nobody,
        nadie""",
    "human": "live human",
    "oi": """oie, olá, opa, alô, bom dia, boa tarde, boa noite, tudo bem, td bem, tudo bom, hello, hi, hey,
        hola, buenas, buenos dias""",
    "gerente": """gerência, dono, dona, proprietário, proprietária, responsável, supervisor, supervisora,
        coordenador, coordenadora, encarregado, encarregada, chefe, vendedor, vendedora, vendedores, consultor,
        consultora, especialista, representante, funcionário, funcionária, superior, superiora, diretor,
        diretora, direção, coordenação, assessor, assessora, quem entende, manager, encargado, encargada, quem
        manda, quem resolve, colaborador, colaboradora, colaboradores, colega de equipe, gestor, gestora,
        patrão, patroa, chefia, sócio, sócia, empregado, empleado, dueño, owner, supervisor de vocês, quem
        decide, quem responde por isso, quem cuida disso, quem entenda, quem possa resolver, quem possa me
        ajudar, quem saiba, staff, jefe, jefa, quem possa ajudar, entendido, entendida, alguém entendido, alguém
        experiente, diretoria, chefão, plantonista, alguém capacitado, quem entende do assunto, gerentes,
        consultores, consultoras, supervisores, representantes, funcionários, funcionárias, especialistas,
        gestores, responsáveis, donos, quem cuida, quem cuida de, quem é responsável, quem faz""",
    "técnico": """corretor, corretora, técnica, advogado, advogada, professor, professora, nutricionista,
        psicóloga, psicólogo, engenheiro, contador, contadora, secretária, secretário, recepcionista, analista,
        profissional, profissionais, instrutor, instrutora, arquiteto, arquiteta, veterinário, veterinária,
        técnicos, corretores, advogados, analistas""",
    "médico": "médica, doutor, doutora, dr, dra, dentista, sr, sra",
    "financeiro": """pessoal, time, comercial, suporte, suporte técnico, assistência técnica, área técnica,
        vendas, cobrança, jurídico, administrativo, ouvidoria, sac, recepção, secretaria, equipe, equipa,
        central, central de atendimento, central de relacionamento, atendimento ao cliente, setor, setor de
        vendas, setor de cobrança, setor financeiro, setor comercial, setor responsável, setor técnico,
        departamento, pós-venda, pós venda, support, billing, sales, soporte, ventas, faturamento, suporte ao
        cliente, sac de vocês, setor de trocas, setor de suporte, setor de atendimento, setor de entregas,
        departamento comercial, departamento financeiro, área comercial, área financeira, relacionamento,
        customer support, galera do suporte, pessoal da loja, pessoal do suporte, pessoal do atendimento, equipe
        de atendimento, equipe de suporte, equipe de vendas, time de vendas, time de suporte, crediário, setor
        de crediário, pessoal do crediário, menina da loja, moça da loja, rapaz da loja, moça do atendimento,
        menina do atendimento, moça do financeiro, moça do suporte, menina do suporte, rapaz do suporte,
        administração, matriz, setor de reclamações""",
    "gente": "povo, people",
    "máquina": "máquinas, computador, ia, inteligência artificial, sistema",
    "sair do": "sai, sair desse, saia, fora, vaza, some",
    "robô": """robo, robos, bot, bots, chatbot, chat bot, assistente virtual, atendente virtual, atendentes
        virtuais, atendente digital, atendente automático, atendente eletrônico, atendimento automático,
        atendimento automatizado, gravação, robot, sistema automático, robozinho, robozinhos, robozin, robô de
        atendimento, atendente robô, assistente de ia, assistente automático, resposta programada, secretária
        eletrônica, máquina de responder""",
    # What one wants.
    "quero": """queria, queremos, queríamos, a gente quer, a gente queria, solicitar, pedir, gostaria, gostaria
        de, gostaria d, gostaria que, gostava de, desejo, exijo, solicito, peço, vou querer, quero poder, queria
        poder, gostaria de poder, tenho interesse em, querendo, quiero, quisiera, deseo, me gustaria, want to,
        want, would like to, would like, d like to, wanna, gostaria do, gostaria da, requeiro, pretendo, almejo,
        faço questão de, tô a fim de, estou a fim de, a fim de, afim de, tô afim de, insisto em, venho
        solicitar, venho pedir, vim pedir, vim para, vim aqui para, queria ver se dava para, quero conseguir,
        quero tentar, estou querendo, tô querendo, querendo muito, exigimos, solicitamos, desejamos, tenho
        vontade de, quero é, me interessa, requeremos, exijo é, requiero, peço a gentileza de, peço gentileza
        de, peço o favor de, peço a gentileza que, solicito a gentileza de, gostaria da gentileza de, tenha a
        gentileza de, tenham a gentileza de, faça a gentileza de, façam a gentileza de, peço encarecidamente
        que, desejaria, quisera, pedindo""",
    "preciso": """precisava, precisamos, precisando, necessito, tenho que, tenho necessidade de, necesito,
        preciso d, vou precisar, vou precisar de, preciso de, precisava de, precisando de, precisamos de,
        necessito de, i need, i need to, we need to, need to, preciso do, preciso da, necessito da, necessito
        do, precisaria, precisaria de, precisaríamos""",
    "prefiro": """preferia, prefer, prefer to, eu prefiro, would rather, rather, rather have, would prefer to,
        prefiero, preferiría""",
    "posso": """pode, podes, podem, podia, podiam, poderia, poderiam, poderíamos, podemos, consigo, consegue,
        conseguem, conseguiria, tem como, teria como, há como, tem jeito de, dá para, daria para, da p, é
        possível, e possível, seria possível, rola, rolaria, dá jeito de, dá um jeito de, puedo, puedes, puede,
        podría, se puede, es posible, can i, could i, may i, can you, could you, is it possible to, existe
        possibilidade de, há possibilidade de, tem possibilidade de, tem a possibilidade de, existe a
        possibilidade de, poderemos, será possível, haveria como, haveria possibilidade de, alguma possibilidade
        de, alguma chance de, tem chance de, existe alguma forma de, existe forma de, existe como, tem alguma
        forma de, tem forma de, tem condições de, tem condição de, teria condições de, teria jeito de, tem meio
        de, existe meio de, tem algum jeito de, teria a possibilidade de, puderem, puder, pudesse, pudessem,
        pueden, podrían, me permite, seria viável, would it be possible to, any way to, is there a way to,
        consegues, da para, possa, possamos""",
    "como faço para": """como fasso para, como faz para, como fazer para, como posso, como consigo, como que
        faço para, o que faço para, o que fazer para, o que preciso fazer para, o que tenho que fazer para, o
        que devo fazer para, o que tenho que digitar para, o que digito para, qual opção para, qual opção aperto
        para, qual número para, how do, how can""",
    "como falo com": "como que falo com, como converso com, como hablo con",
    "falar": "conversar",
    "esclarecer": """negociar, discutir, tratar, tratar de, conferir, acertar, combinar, explicar, expor,
        reclamar, relatar, tirar dúvida, tirar dúvidas, tirar umas dúvidas, tirar minhas dúvidas sobre, tirar
        dúvidas sobre, solucionar""",
    "falar com": """falar é com, falar e com, conversar com, falar por ligação com, papo com, bater um papo com,
        trocar ideia com, entrar em contato com, entrar em contacto com, continuar falando com, voltar a falar
        com, marcar ligação com, marcar conversa com, marcar reunião com, agendar ligação com, agendar conversa
        com, agendar reunião com, ser atendido por, ser atendida por, ser atendido pelo, ser atendida pela, ser
        transferido para, ser transferida para, ser encaminhado para, ser encaminhada para, ser direcionado
        para, ser direcionada para, colocar em contato com, hablar con, comunicarme con, contactar con, talk to,
        talk with, speak to, speak with, chat with, be transferred to, be connected to, conversa com, ficar
        falando com, dialogar com, prosear com, papear com, me comunicar com, me entender com, ter uma conversa
        com, ter conversa com, ter um papo com, conversa direta com, contatar com, entrar em contato direto com,
        contato direto com, falar por telefone com, falar no telefone com, falar ao telefone com, falar pelo
        telefone com, conversar por telefone com, trocar umas palavras com, dar uma palavra com, dar uma
        palavrinha com, ser ouvido por, ser ouvida por, ser ajudado por, ser ajudada por, ser auxiliado por, ser
        auxiliada por, ser orientado por, ser orientada por, ser atendido com, ser recebido por, ser encaminhado
        a, ser encaminhada a, ser direcionado a, ser direcionada a, ser passado para, ser passada para, ser
        redirecionado para, ser conectado com, ser conectado a, ser atendidos por, platicar con, charlar con,
        contactarme con, ponerme en contacto con, get in touch with, ser atendido pelos, ser atendida pelos,
        seguir o atendimento com, continuar o atendimento com, ser transferido a, ser transferida a, ser
        transferido ao, agendar telefonema com, marcar telefonema com, agendar chamada com, marcar chamada com,
        telefonema com, chamada com, agendar contato com, marcar contato com, marcar papo com, agendar papo com,
        trocar palavrinha com, trocar umas palavrinhas com, trocar palavra com""",
    "tratar com": """comunicação com, contatar, contactar, contact, reach, fazer contato com, explicar para,
        explicar isso para, explicar meu caso para, explicar meu problema para, discutir com, discutir isso com,
        discutir esse assunto com, resolver meu problema com, resolver o problema com, resolver meu caso com,
        tratar do assunto com, tratar desse assunto com, tratar o assunto com, tirar minha dúvida com, tirar
        minhas dúvidas com, esclarecer com, esclarecer isso com, conexão com, tratar com, tratar isso com,
        tratar disso com, resolver com, resolver isso com, ver isso com, tirar uma dúvida com, tirar dúvida com,
        tirar dúvidas com, tirar umas dúvidas com, negociar com, fechar com, fechar a compra com, comprar com,
        reclamar com, fazer uma reclamação com, fazer uma reclamação para, contato com, ter contato com,
        continuar com, seguir com, expor minha situação para, expor minha situação a, expor meu caso para, expor
        meu caso a, expor meu problema para, expor meu problema a, relatar meu caso para, relatar meu caso a,
        relatar meu problema a, contar meu caso para, contar meu problema para, contar minha situação para,
        registrar uma reclamação com, registrar reclamação com, abrir uma reclamação com, desabafar com, ver
        com, confirmar com, conferir com, combinar com, perguntar para, resolver tudo com, acertar com, acertar
        isso com, acertar tudo com""",
    "me passa": """me passar, me passe, me passem, passa me, passar me, passe me, me encaminha, me encaminhar,
        me encaminhe, me conecta, me conectar, me conecte, me coloca, me colocar, me coloque, me põe, me bota,
        me joga, me liga com, me pôr, me leva, pasame, pásame, me pasas, me pasar, me pasa, comunicame,
        comuníqueme, connect me, connect me with, connect me to, put me, put me through, put me through to,
        encaminhe me, encaminhem me, encaminha me, encaminhar me, conecte me, conecta me, conectar me, coloque
        me, coloquem me, passem me, ponha me, bote me, leve me, me encaminhem, me coloquem, me ponha, me ponham,
        me bote, me botem, me conectem, me leve, me levem, me jogue, me jogar, me botar, me por, me repassa, me
        repasse, me ligue com, me pasan, me pasen, hand me over, hand me over to, put me in touch with, me
        encaminharem, me passarem, me colocarem, me conectarem, get me, get me to, give me, bring me, dame,
        denme, pásenme, comunícame, me comunica, me comunique, me comunicas, me comunican, me comuniquen,
        comuníquenme""",
    "me transfere": """me transferir, me transfira, me transferem, transferir me, me direciona, me direcionar,
        me direcione, me redireciona, me redirecionar, transfer me, transfer me to, transfiereme, transfira me,
        transfiram me, transfere me, me transfiram, direcione me, direcionem me, me direcionem, redirecione me,
        me redirecionem, me transferissem, me transferisse, me transfieren, me transfiere, transfiérame, me
        direcionarem, me transferirem, me redirecionarem""",
    "me manda": "me mandar, me mande",
    "para": "para o, ao, con, com, through to",
    "meu caso": """minha conversa, minha situação, minha solicitação, meu chamado, minha reclamação, minha
        demanda, meu problema, meu atendimento, minha dúvida, essa conversa, esta conversa, esse atendimento,
        este atendimento, esse caso, este caso, o caso, esta reclamação, essa reclamação, este problema, esse
        problema, minha queixa""",
    "seja passado para": """seja passado a, seja passada para, seja encaminhado a, seja encaminhado para, seja
        encaminhada a, seja encaminhada para, seja transferido para, seja transferida para, seja direcionado a,
        seja direcionado para, seja direcionada para, fosse encaminhado para, fosse passado para, fosse
        transferido para, seja levado a, seja analisado por, seja visto por, seja tratado por, seja resolvido
        por, seja atendido por""",
    "ter": "receber, obter",
    "volta": "voltar, volte, devolve, me devolve, devolver, retornar",
    "passa": """passar, pasar, passe, transferência, encaminha, encaminhar, encaminhe, repassa, repasse,
        repassar, encaminhem, passem, encaminhamento, escala, escalar""",
    "transfere": """transferir, transfira, direciona, direcionar, direcione, redireciona, redirecionar, conecta,
        conectar, transfer, connect, transfiram, direcionem, redirecionem, conecte, conectem""",
    "chama": """chamar, chame, chamem, chamando, aciona, acionar, acione, convoca, traz, traga, trazer, arruma,
        arrume, arrumar, arranja, arranje, arranjar, me chama aí, me arruma, me arrume, me arranja, me arranje,
        me traz, me traga, me arrumem, busca, aciono""",
    "manda": "mandar, mande, mandem, envia, enviar, manda vir, mande vir",
    "coloca": "colocar, coloque, bota, botar, bote, põe, ponha, ponham, coloquem, botem",
    "me atende": """me atender, me atendendo, me atenda, me atendam, me atendem, me atendesse, me responde, me
        responder, me responda, me respondam, falar comigo, fala comigo, fale comigo, falem comigo, falasse
        comigo, conversar comigo, entrar em contato, entre em contato, entrasse em contato, entra em contato,
        entrem em contato, me retorna, me retornar, me retorne, me retornasse, me retornem, dar um retorno, me
        dar um retorno, me dar atenção, me chamar, me chame, me chama, me contatar, assumir, assuma, me
        respondesse, fala aqui comigo, falar aqui comigo, entrar em contato por aqui, me procurar, me procure,
        me contactar, me contacte, me contate, me dar suporte, me dê atenção, me dê um retorno, me dê retorno,
        me dê uma resposta, me dar uma resposta, dar uma resposta, conversasse comigo, converse comigo, conversa
        comigo, dialogar comigo, assumir a conversa, assumir o atendimento, assuma a conversa, assuma o
        atendimento, continuar a conversa, continuar o atendimento, falar conmigo, hablar conmigo, talk to me,
        contact me, atienda, me atienda, me pueda atender, me puede atender, responder por aqui, me chamar no
        zap, me chame no zap, me chama no zap, me chamar no whats, me chamasse, me orientar, me oriente, me
        auxiliar, me auxilie, me socorrer, me socorra, me dar assistência, me dar uma luz, me dar uma força, me
        dar uma mão, me dá alô, dar alô, me dá um alô, me dá sinal, dá sinal, ser contatado por, me contatarem,
        me chamarem, me atenderem, me responderem""",
    "deixa": "deixe, let me",
    "melhor": "acho melhor, é melhor, seria melhor",
    "desliga": "desative, desligue, desligar, desativa, desativar, tira, tirar, tire, remove",
    "vamos": "bora, let s",
    "só falo com": "só converso com",
    "entra em contato comigo": """entrar em contato comigo, entre em contato comigo, entrem em contato comigo,
        entrasse em contato comigo, entrassem em contato comigo, entrarem em contato comigo""",
    "me ajudar": """me ajude, me ajuda, me ajudasse, ajudar, resolver, resolver isso, tirar uma dúvida, atender,
        resolver meu problema, resolver o meu problema, tirar minha dúvida, tirar minhas dúvidas, me explicar,
        me explique, me esclarecer, me esclareça, help me, ayudarme""",
    "ver meu caso": """ver o meu caso, olhar meu caso, olhar o meu caso, analisar meu caso, analisar o meu caso,
        avaliar meu caso, cuidar do meu caso, tratar do meu caso, entender meu caso, entender meu problema, ver
        meu problema, olhar meu problema, ver minha situação, analisar minha situação, resolver minha situação,
        resolver meu caso, olhe meu caso, veja meu caso, veja o meu caso, analise meu caso, avalie meu caso,
        cuide do meu caso, verificar meu caso, verificar minha situação, dar uma olhada no meu caso, olhar isso
        para mim, ver isso para mim""",
    "ajude": "ajudar, ajuda, ajudasse, auxílio, apoio, orientação, atenção, atención",
    "resolva": """resolver, resolve, entenda, entende, saiba, possa resolver, possa me atender, possa ajudar,
        decida, possa resolver isso, possa me ajudar, possa atender, me pueda ayudar, me puede ayudar, me pueda
        atender, me puede atender, can help, can help me, compreenda, compreende, conheça, me entenda, me
        entende, me escute, me ouça, pense, decide, possa me ouvir, possa me escutar, possa me explicar, possa
        me orientar, possa me entender, me explique, me oriente, me dê atenção, me compreenda, me ouvir, me
        escutar, possa me dar atenção""",
    "me liga": """me dá ligada, me dê ligada, dá ligada, me faz ligação, me ligue, me liguem, me ligasse, me
        ligassem, me telefona, me telefone, liga para mim, ligue para mim, me retorna ligação, me retorna a
        ligação, me retorne ligação, me retorne a ligação, retorna minha ligação, retorne minha ligação,
        retornar minha ligação, retornem minha ligação, me dá uma chamada, me ligue de volta, me liga de volta,
        ligue me, liguem me, telefone me, me telefonem, me telefonasse, call me, give me a call, llámame,
        llámeme, llámenme, liguem para mim, me retornem a ligação, ligar no meu celular, faz ligação para mim,
        liga no meu celular, liga no meu número, ligue no meu número, ligue no meu celular, ligar no meu número,
        me dar telefonema, me dá telefonema, me dê telefonema, llame, me llame""",
    "me ligar": """me ligam, me telefonar, ligar para mim, me ligar de volta, me ligam de volta, llamarme, me
        fazer ligação, me dar ligada, me retornar a ligação, me telefonam, me ligarem, me telefonarem, me
        retornarem a ligação, me retornar por ligação, me retornar por telefone, me retornar pelo telefone,
        retornar por telefone, retornar por ligação, dar um telefonema, me dar um telefonema, fazer uma ligação
        para mim""",
    "cadê": "cade, kd, kede, onde está, onde tá, onde anda, quede, onde estão, onde fica o",
    "tem": "têm, existe, há, tiver, houver, tenha, is there, are there, do you have",
    "estou": "tô, to, tou, estamos, fico, fiquei, continuo, ando, venho",
    "esperando": "aguardando, na espera de, à espera de, na fila para, na fila de espera, a espera de",
    "aguardar": "esperar, ficar esperando, ficar aguardando, vou ficar esperando",
    "aguardo": "aguardo o, espero, espero o",
    "contato de": "retorno de, ligação de, chamada de",
    # What one is tired of.
    "chega de": "chega desse, chega dessa, chega com, basta de, sem mais",
    "não adianta": """não entende, não entendeu, não está entendendo, não tá entendendo, não resolve, não
        resolveu, não está resolvendo, não tá resolvendo, não ajuda, não ajudou, não está ajudando, não tá
        ajudando, não serve para nada, não me ajuda, não me ajudou, não me entende, não me entendeu, não
        responde, não respondeu, ninguém resolve, ninguém me entende, ninguém entende, não sabe responder, não
        sabe, não consigo resolver, não estou conseguindo, não tô conseguindo, não consegui resolver, não deu
        certo, não foi isso, não é isso, não me serve, não serve, não é nada disso, não tá funcionando, não me
        responde, não resolve nada, não resolveu nada""",
    "cansei de": """cansei desse, cansei dessa, cansei deste, cansado de, cansada de, cansado desse, cansada
        desse, de saco cheio de, de saco cheio desse, de saco cheio dessa, farto de, farta de, farto desse, não
        suporto, não aguento mais, não aguento, enjoei de, desisto de, desisto desse, cansei do, desisto do,
        cansei da, cansou, cansei dessas, estou cansado de, estou cansada de, de saco cheio do, saco cheio de,
        não aguento esse, não aguento mais esse, não aguento mais essa, farta desse, já deu de, sem paciência
        para, sem paciência com, não tenho paciência para, não tenho paciência com, perdi a paciência com""",
    "odeio": "detesto, não gosto de, não curto, não gosto desse, hate, i hate, não me dou bem com",
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
    "telefone": "ligação, phone, telefonema, telefonemas",
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
    "tratar com": "falar com",
    "ver meu caso": "me ajudar",
    "entra em contato comigo": "me atende",
    "transfere": "passa",
}
"""An example that has the second word also fits where the customer wrote the first one."""

MEANINGLESS = """
um, uma, uns, umas, algum, alguma, alguns, algumas, outro, outra, seu, sua, the, an, any, some, your, una, un,
el, la, los, las, algun, alguna, por favor, porfavor, por gentileza, se faz favor, faz favor, faça o favor,
fazendo favor, please, pls, plz, favor, se possível, se puder, se der, se puderem, quando puder, quando puderem,
assim que possível, assim que puder, assim que puderem, o quanto antes, o mais rápido possível, pelo amor de
deus, por deus, na moral, né, eu, i, we, yo, nós, você, cê, tu, era, então, muito, mto, mesmo, também, ainda,
hoje, urgente, urgentemente, com urgência, imediatamente, direto, diretamente, tipo, assim, just, really, por
obséquio, por caridade, por bondade, gentilmente, encarecidamente, respeitosamente, prezados, prezado, senhores,
novamente, outra vez, de novo, finalmente, enfim, pela última vez, se não for incômodo, se não for pedir muito,
de uma vez, de uma vez por todas, simplesmente, realmente, pelo menos, ao menos, logo de cara, de preferência,
preferencialmente, cacete, porra, caramba, merda, caralho, pqp, desgraça, inferno, droga, kkk, kkkk, kk, rs,
haha, por se tratar de, tratando se de
"""
"""Words and phrases that are left out before anything is compared."""

ARTICLES = "o, a, os, as"
"""They say something only where an example is alone: "atendente" asks, "o atendente" does not."""

OPTIONAL = """
o, a, os, as, esse, essa, este, esta, mais, já, logo, só, somente, apenas, agora, aqui, aí, ae, sim, mas, e, é,
oi, moço, moça, amigo, amiga, querido, querida, gente boa, senhor, senhora, ok, a gente, vocês, voces, de vocês,
de voces, da loja, da empresa, daqui, daí, desse, dessa, com vocês, em contato, pessoalmente, para mim, por
aqui, no chat, na conversa, ahora, now, mano, mana, véi, bicho, parça, bro, guri, guria, tchê, uai, oxe, oxente,
égua, visse, sô, meu fi, meu bem, meu rei, cara, dessa loja, desta loja, dessa empresa, desta empresa, desse
lugar, desse zap, desse chat, desse whatsapp, nesse zap, nesse chat, nesse whatsapp, neste chat, no zap, no
whats, no whatsapp, pelo chat, pelo zap, pelo whatsapp, por mensagem, da casa, da unidade, personalizado,
personalizada, individual, especializado, especializada, exclusivo, do outro lado, isso, nisso, com isso, sobre
isso, direito, direitinho, dos, das, dentre, na linha, imediato, imediata
"""
"""Words and phrases that may come between, before or after the words of an example."""

SPELLINGS = {
    "quero": "qro, kero, qero, qeru, quelo",
    "queria": "qria, keria, qeria",
    "falar": "flr, fla, fala",
    "com": "c, cm, cum",
    "para": "p",
    "preciso": "pciso, preciço, presizo, precizo",
    "não": "nao, n, ñ, naum",
    "verdade": "vdd, vdade, verdad",
    "humano": "umano, umana",
    "atendente": "atentende, atendete, atendent",
}
"""Short and phonetic spellings, besides those of all chats."""

OFTEN_MISSPELT = """
atendente, atendimento, humano, pessoa, alguém, gerente, vendedor, responsável, supervisor, consultor, falar,
quero, queria, gostaria, preciso, transfere, conversar, funcionário, representante, transferir, ninguém
"""
"""Words that are recognised with one letter wrong, missing, doubled or exchanged with the next."""

REAL_WORDS = """
quer, queira, pessoas, pessoais, humanos, humanas, precisa, precise, precisou, falas, falam, falarem, faltar,
falhar, conversa, conversas, vendedoras, transferi, transferia, transferira, transferiu, funcionária,
funcionários, representantes
"""
"""Words that are no slips of the finger, though they are as near to one of `OFTEN_MISSPELT`."""
