"""Requests and look-alikes by which the reach of `examples.py` was measured.

They were written in seven rounds, without a look at the examples, which were then extended by the kinds of
requests that were missed. At first sight the last four rounds missed 7 of 24, 3 of 24, 7 of 30 and 5 of 24, and
took 2 of 20, and then none of 70, other sentences for a request. The classifier is taught them; what it makes of
messages that it was not taught is measured in `test_classifier.py`.
"""

ASKS = """
quero falar com gente
me passa pro atendente
atendente humano pfv
chega de robô
para de me responder automático
me liga
cadê o vendedor
queria conversar com uma pessoa de carne e osso
alguém real pode me responder por favor?
tem algum atendente disponível agora?
tem algum humano aí?
tem alguém de verdade aí do outro lado?
não tem ninguém pra me atender não?
será que alguém pode me atender?
alguém me atende por favor
alguém pode falar comigo?
preciso que alguém me ligue urgente
podem me ligar?
me liguem nesse número por favor
pede pra alguém me ligar
vcs podem me retornar por telefone? prefiro falar com gente
me chama um humano
chama o gerente aí
quero o gerente
quero falar com o dono
cadê o gerente?
cadê o atendente??
onde está o atendente?
kd o atendente
cade alguem pra me atender
quero reclamar com o gerente
quero fazer uma reclamação com o responsável
preciso tirar uma dúvida com um vendedor
quero tirar uma duvida com algum atendente
gostaria de conversar com um consultor
posso conversar com um especialista?
me encaminha pro setor de vendas
me transfere pro financeiro
transfere pra área técnica por favor
quero falar com o financeiro
preciso falar com o suporte técnico
quero falar com o setor de cobrança
gostaria de falar com o comercial
quero falar com a central de atendimento
não quero falar com robô
não quero falar com máquina
n quero flr com robo nao
não quero conversar com inteligência artificial
cansei desse robô
cansei de falar com máquina
tô cansado de falar com bot
to de saco cheio desse robo
esse robô não entende nada, quero uma pessoa
esse bot não resolve nada! me passa pra alguém
você não está me ajudando, quero falar com alguém
vc não entende nada, chama alguém
isso é gravação? quero falar com gente de verdade
para de mandar mensagem automática
chega de mensagem automática!
chega de resposta pronta, quero um ser humano
pare de me enrolar e me passe para um atendente
já é a terceira vez que peço um atendente
já pedi 3 vezes pra falar com um atendente
ainda estou esperando um atendente
tô esperando alguém me atender
estou aguardando um atendente faz meia hora
to aguardando atendimento humano
quero ser atendido por gente
só falo com humano
só quero falar com um ser humano
só converso com atendente
eu exijo falar com um humano agora
EXIJO ATENDIMENTO HUMANO
ME PASSA UM HUMANO PELO AMOR DE DEUS
pelo amor de deus me passa pra alguém
deixa eu falar com uma pessoa
quero outro atendente, um humano
tem como chamar alguém?
tem como vc me transferir?
me transfere
transfere aí
pode transferir pra um atendente?
pode me direcionar para um atendente
poderia me direcionar para alguém da equipe?
consegue me passar pra uma atendente?
você consegue me passar para uma pessoa real?
da pra passar pra um atendente?
dá pra chamar uma pessoa?
rola falar com um humano?
bora falar com um atendente
vamos falar com um atendente
opção falar com atendente
escolho falar com atendente
preciso de ajuda humana
quero suporte de verdade
quero atendimento de verdade
quero atendimento com gente
quero atendimento com pessoa
quero um atendimento personalizado com uma pessoa
me atende um humano por favor
quero ser atendido por um humano pq vc não me ajuda
prefiro falar com gente
prefiro ser atendida por uma pessoa
prefiro tratar isso com uma pessoa
prefiro resolver isso com um atendente
quero resolver isso com um humano
quero tratar diretamente com um vendedor
quero negociar com um vendedor
gostaria de negociar com alguém
quero fechar a compra com um vendedor
quero comprar com um vendedor humano
me passa pra quem resolve
quero falar com quem resolve
quero falar com alguém que resolva
preciso falar com alguem que entenda do meu problema
quero falar com alguém competente
tem alguém que possa me ajudar de verdade?
alguém da loja pode me responder?
alguém da equipe pode entrar em contato comigo?
peço que um atendente entre em contato
gostaria que alguém entrasse em contato comigo
quero que alguém me retorne
aguardo contato de um atendente
solicito contato de um responsável
solicito falar com um supervisor
preciso de um responsável
preciso de alguém pra me atender
preciso de uma pessoa pra me atender
preciso muito falar com uma pessoa
preciso urgentemente conversar com alguém daí
amigo me passa pra um atendente aí faz favor
boa noite. por favor um atendente
olá atendente humano por favor
bom diaa gostaria d falar c alguem pfvr
oie td bem? queria flr cm um atendent
qria fala com atendente
qero falar com atendenti
preciso fala com umano
quero falar cm pessoa real
me pasa para um atendente
me tranfere pra um atendente
me trasfere pro suporte
falar com humano
conversar com atendente
falar c atendente
falar com vendedor
falar com alguém
pessoa real
gente de verdade por favor
ser humano por favor
humano por favor
operador
suporte humano por favor
queria um humano
quero um humano e não uma máquina
isso é robô? me passa pra um humano
vc é robô né? quero atendente
desisto, me passa pra um atendente
não resolveu, me transfere para um atendente
não era isso que eu queria. quero falar com uma atendente
meu produto veio quebrado e ninguém resolve, quero falar com alguém
oi, comprei um celular com vocês e veio com defeito, preciso falar com uma pessoa pra resolver
Boa tarde, meu nome é Carla, gostaria de falar com algum atendente sobre a matrícula do meu filho
gostaria de agendar uma consulta mas prefiro falar com a secretária
quero falar com a recepção
me passa pra recepcionista
posso falar com a secretária?
posso falar com o médico?
consigo falar com algum técnico?
quero falar com um advogado do escritório
quero falar com o corretor
me põe pra falar com um corretor
me bota pra falar com alguém
coloca um atendente na conversa
coloca uma pessoa pra falar comigo
bota um humano aí
manda um humano
chama uma pessoa
chama alguém de verdade
tem gente aí ou só robô? quero falar com gente
Boa noite, gostaria de falar com uma atendente sobre o meu contrato, por gentileza
Prezados, solicito contato de um atendente para tratar do meu caso
Solicito que um responsável entre em contato comigo o mais breve possível
venho por meio desta solicitar atendimento humano
poderia por gentileza me transferir para um atendente humano?
por favor encaminhe minha solicitação para um atendente
gostaria que meu caso fosse analisado por uma pessoa
gostaria de atendimento com um de seus consultores
quero que um consultor me ligue
pode pedir pro consultor me ligar?
pede pro vendedor me chamar
fala pro gerente me ligar
avisa o vendedor pra me chamar
mano me passa pra um humano logo
véi quero falar com gente
bicho, tem como falar com alguém não?
eita, só tem robô aqui? quero falar com gente
oxe cadê o povo? quero falar com alguém
não tem uma pessoa pra falar comigo não?
cadê as pessoas dessa empresa? quero falar com alguém
ninguém atende nessa empresa? quero um atendente
ninguém responde! quero falar com alguém!!
alguém responde pelo amor de deus
responde um humano por favor
algum ser humano pode me responder?
existe algum humano trabalhando aí?
tem algum humano nessa empresa?
tem como ser atendido por uma pessoa?
tem jeito de falar com gente?
dá pra falar com gente de verdade ou só máquina?
consigo falar com um ser humano?
como eu consigo falar com uma pessoa?
como faço pra ser atendido por uma pessoa?
o que preciso fazer pra falar com um humano?
o que tenho que digitar pra falar com um atendente?
qual opção eu aperto pra falar com atendente?
digitei errado, quero atendente
quero a opção de falar com atendente
opção atendente
quero sair do robô
sair do atendimento automático
quero sair do automático e falar com alguém
desliga esse robô e chama alguém
desativa o robô
tira esse robô e coloca uma pessoa
troca esse robô por uma pessoa
esse robô é burro, me passa pra um atendente
seu robô inútil, quero atendente
robô burro quero falar com pessoa
que robô chato, chama um atendente
tá difícil viu, me passa um atendente
assim não dá, me transfere
assim não dá, quero falar com alguém
não tá dando certo, passa pra um atendente
você não sabe responder, então me passa para um atendente
se você não sabe me passa pra quem sabe
não é isso, preciso falar com um atendente
não entendi, pode chamar um atendente?
não entendi nada do que você falou, me passa pra uma pessoa
prefiro conversar com uma pessoa mesmo
prefiro falar por ligação com alguém
prefiro que alguém me ligue
preferia falar com um atendente
eu preferia falar com gente
melhor falar com um atendente
é melhor eu falar com um atendente
acho melhor falar com um humano
acho que preciso falar com um atendente
acho que é melhor me passar pra alguém
vou precisar falar com um atendente
vou precisar de um atendente
eu vou querer falar com um atendente
então quero falar com um atendente
sim, quero falar com um atendente
sim, por favor, um atendente
sim, atendente
ok, me passa pro atendente
ok então me transfere
pode ser, me passa para um atendente
pode passar pro atendente
pode transferir
pode chamar o atendente
pode chamar o gerente por favor
pode mandar um atendente
quero, me passa pra um atendente
vamos lá, me passa pro humano
só com humano
somente atendente
apenas atendimento humano por favor
atendimento humano urgente
atendente urgente!!!
ATENDENTEEE!!
HUMANO!!!!
quero HUMANO
eu quero um ser humano!!!!
gente, quero gente!
quero uma pessoa real
quero pessoa de vdd
quero falar c alguem de vdd
qro fala c gnt
qro atendente
kero atendente pf
preciso d um atendente
presiso falar com atendente
gostria de falar com um atendente
gostaria de fala com atendete
quero fala com atendente humano
queo falar com um atendente
quero falra com um atendente
quero falar com um atentende
quero falar com um atendende
queria flar com o responsavel
me encaminhe para um atendente
me encaminha pra alguém do financeiro
encaminhar para atendente
encaminhar para o humano
direcionar para atendimento humano
transferir para humano
transferência para atendente
conectar com atendente
contato humano
contato com atendente
falar com o dono da loja
falar com a gerente
falar com o gerente
falar com o responsável
falar com financeiro
falar com suporte
falar com o comercial por favor
falar com a secretaria da escola
quero falar com a coordenação
quero falar com a coordenadora
quero falar com a direção da escola
quero falar com o professor
preciso falar com a diretora
quero falar com a nutricionista
posso falar com a doutora Ana?
gostaria de falar com a Juliana
quero falar com o Marcos do comercial
me passa pra Juliana por favor
a Carla tá aí? quero falar com ela
quero falar com a mesma pessoa de ontem
quero falar com a atendente que me atendeu ontem
quero continuar com a atendente de ontem
quero voltar a falar com o atendente
quero voltar pro atendente
volta pro atendente
me devolve pro atendente
o atendente sumiu, quero falar com ele
caiu a conversa com o atendente, me passa de novo
estava falando com um atendente e caiu, quero continuar
preciso de suporte humano pq deu erro no pagamento
deu erro no pix quero falar com alguem
meu pagamento não caiu, preciso falar com o financeiro urgente
Paguei ontem e até agora nada. Quero falar com um responsável!
Comprei dia 10, não recebi, ninguém me dá satisfação. Exijo falar com o gerente.
tô tentando resolver isso há dias, por favor me passa pra uma pessoa
já expliquei mil vezes, quero uma pessoa de verdade
já mandei o comprovante, agora quero falar com alguém
minha internet caiu de novo, preciso falar com um técnico
preciso de um técnico, alguém pode me atender?
quero remarcar mas prefiro falar com a recepcionista
tenho uma dúvida específica, posso falar com um especialista?
minha situação é complicada, melhor falar com um humano
é um caso delicado, prefiro falar com uma pessoa
sou idosa e não sei mexer nisso, quero falar com uma pessoa
não sei usar isso, me liga por favor
não sei mexer nisso, chama uma atendente
moça, quero falar com vocês por telefone
podem me ligar no 11 98888-7777?
liga pra mim por favor
me dá uma ligada
me ligue assim que possível
aguardo ligação de um atendente
quero receber uma ligação
tem alguém de carne e osso que possa me responder?
quero bater um papo com um humano
me conecta com alguém da equipe por favor
preciso de uma pessoa pra resolver isso
cansei, quero um atendente
isso aqui não tá resolvendo, chama uma pessoa aí
não to entendendo nada, tem como um atendente me ajudar?
queria muito ser atendida por alguém
gostaria de ser atendida por uma mulher de verdade
dá um jeito de eu falar com alguém
bota o gerente na linha
põe um atendente pra falar comigo
quero contato humano
poderia pedir para um consultor entrar em contato?
quem pode me atender de verdade? quero um humano
vocês não têm atendente de verdade não?
vcs tem alguém que fale comigo sem ser robô?
não quero resposta de robô
não quero mais falar com essa máquina
cansei dessa conversa com robô, me passa pra gente
socorro, quero um ser humano
help, preciso de um atendente humano
por favorzinho me passa pra um atendente
moça vc pode me passar pro vendedor?
oi gostaria de um atendente
boa tarde gostaria de atendimento com uma pessoa
atendente pfvr
atendente pls
atendimento pessoal por favor
quero atendimento de gente
me manda pra um atendente
manda pro atendente
passa pro humano
passa pra alguém que saiba
passa pra outro atendente
transfere logo
transferir para outro atendente
troca de atendente por favor
quero trocar de atendente, quero um humano
não é possível, ninguém me atende!
faz 2 dias que ninguém me responde, quero falar com o dono
estou há uma hora esperando um atendente
vou ter que esperar muito pra falar com um atendente?
ainda não fui atendido por ninguém
não fui atendida ainda
alguém vai falar comigo?
alguém vai me responder ou não?
algum vendedor online?
tem vendedor online?
tem algum atendente online?
tem alguém online pra falar comigo?
algum funcionário pode me responder?
algum responsável pode falar comigo?
podem pedir pro responsável me chamar?
peça ao gerente para me ligar
gostaria de receber uma ligação de vocês
podem me telefonar?
me telefona
liga pra mim
me liga agora por favor
me liga no meu celular
vocês podem ligar pra mim?
será que dá pra me ligar?
quero conversar por telefone com alguém
prefiro por telefone, me liga
preferia que me ligassem
quero marcar uma ligação com um consultor
quero agendar uma conversa com um especialista
gostaria de marcar uma reunião com um consultor
quero atendimento presencial com um vendedor
preciso tratar de um assunto pessoal com o gerente
assunto urgente para o diretor, me passa pra ele
é assunto sério, quero falar com o responsável
quero falar com seu superior
me passa pro seu superior
chama seu chefe
quero falar com o seu gerente
deixa eu falar com seu supervisor
quero falar com quem manda aí
quem manda aí? quero falar com o dono
quero falar diretamente com o setor responsável
encaminhe ao setor responsável
pode encaminhar para o setor de trocas?
pode encaminhar meu caso para um atendente?
direciona pro suporte humano
me direciona pro atendimento humano pfv
atendimento humano já
humano ja!
atendente ja!!
robô não, quero gente
nada de robô, quero falar com pessoa
robô não me ajuda, preciso de um humano
robô não resolve, quero atendente
isso não é resposta, me passa pra um atendente
resposta errada, chama um atendente
você só repete a mesma coisa, quero falar com um humano
você fica repetindo, me passa pra alguém
para de repetir e me passa pro atendente
sai robô
vaza robô, quero gente
fora robô
estou a tentar falar com um assistente, pode passar?
queria falar convosco ao telefone, podem ligar-me?
desejo falar com um operador
poxa, não dá pra falar com uma pessoa?
alguém humano por favor
quero um atendente de verdade, não um robô
vc pode chamar alguém da loja?
isso é um bot? queria alguém de verdade
me bota em contato com o vendedor
preciso resolver com alguém, não com robô
tô querendo falar com alguém daí
fala sério, me passa pra uma pessoa
não quero mais conversar com você, quero um atendente
gostaria de ser atendido por um ser humano
cadê o pessoal do suporte?
tem como alguém me ligar?
cansei de você, chama o gerente
eu quero uma pessoa pra conversar
queria tirar uma dúvida direto com o vendedor
não quero mais robô
vocês têm alguém pra me atender?
alô, tem algum humano trabalhando?
pode me por em contato com o responsável?
quero reclamar com alguém
quero fazer uma reclamação com o dono
me passa o atendente
por favor, atendimento com pessoa real
ei, tem gente de verdade por aí?
me chama alguém que saiba resolver
queria um vendedor me atendendo
poderiam me passar para um funcionário?
não consigo resolver por aqui, queria falar com alguém
você poderia me encaminhar a um atendente?
eu só quero falar com uma pessoa!
quero conversar com o responsável da unidade
chega, quero falar com humano
robô não entende, me transfere pra atendente
prefiro atendimento com gente
alguém de verdade, por favor
será que tem como falar com o pessoal?
necessito de atendimento humano
oi, me passa pra vendas?
quero falar com alguém do RH
preciso que um técnico entre em contato
dá pra vc chamar o dono?
não quero conversar com bot
por favor me transfira
tem alguém aí que possa me atender?
quero atendente agoraaa
qual o problema de vocês? quero falar com um gerente já
favor transferir para o setor de atendimento
gente do céu, só robô? quero falar com alguém
podem colocar uma pessoa pra me responder?
olha, eu preciso conversar com um responsável
não adianta, quero atendente humano
me põe na fila do atendente
fala com um humano por favor
quero ser atendida
quero falar com um consultor de vendas por telefone
boa tarde, poderia falar com o Sr. Antônio?
gostaria de falar diretamente com a área de vendas
quero o contato direto com um vendedor
vcs podem pedir pra alguém entrar em contato comigo
quero q um vendedor fale cmg
qero um vendedor pra me ajudar
presizo fala com um atendente
atendente!!! cade vcs
alguém pra me ajudar?
aff robô de novo, me passa pra um humano
isso aí não ajuda, deixa eu falar com o gerente
tô há 3 dias sem resposta, quero um responsável agora
quero falar com a loja, não com robô
posso ser atendido por uma pessoa?
vocês podem me transferir para alguém da assistência técnica?
pode encaminhar pro vendedor
poderia chamar o técnico responsável?
prefiro que um humano me responda
tem um atendente que possa resolver isso pra mim?
queria resolver direto com o dono
por gentileza, transfira para o suporte
como chamo um atendente?
por que não me atende uma pessoa de verdade?
tô precisando falar com o gerente da loja
quero uma conversa com um humano
vocês não tem uma pessoa aí que me responda?
eu preciso que um atendente me ajude com o cadastro
não vou ficar falando com robô
parei de falar com robô, chama alguém
falar com alguém por favor
me coloca pra falar com o suporte
não entendi, quero falar com alguém do time
oi, posso falar com a vendedora Ana?
preciso de atendimento de uma pessoa
desisto do robô
gostaria que um vendedor entrasse em contato pelo whatsapp
manda um vendedor falar comigo
cadê o humano?
tem humano?
aqui só responde robô?? quero falar com gente
por favor alguém me responda
atende humano
poderia me colocar em contato com o setor financeiro
quero falar com a pessoa responsável pelas entregas
solicito atendimento com supervisor
passa o chat pra um atendente
"""

DOES_NOT_ASK = """
vocês têm atendente no sábado?
falei com um atendente ontem e ele disse que chegaria hoje
qual o telefone do atendimento humano?
não quero falar com atendente, só o preço
vocês têm atendimento 24 horas?
o atendimento é por ordem de chegada?
qual o horário de atendimento?
vcs atendem domingo?
quem me atendeu foi a Juliana
a atendente foi muito simpática
o atendente me tratou super mal
quero deixar um elogio para a atendente Carla
o vendedor me prometeu 10% de desconto
o vendedor disse que tinha em estoque
qual vendedor me atendeu?
o gerente autorizou a troca
o gerente falou que podia parcelar em 12x
preciso da autorização do gerente?
sou gerente de uma empresa e quero um orçamento
vou falar com meu marido e te aviso
vou conversar com minha esposa primeiro
depois eu falo com a minha mãe e confirmo
preciso falar com meu sócio antes
tenho que falar com meu chefe
já falei com o suporte e não adiantou
já conversei com alguém daí ontem
ontem falei com uma pessoa de vocês
conversei com o Paulo do comercial semana passada
a moça que me atendeu disse outra coisa
me ligaram de vocês hoje?
vocês me ligaram?
recebi uma ligação de vocês
não me liguem mais
não me liga, prefiro mensagem
não precisa ligar
para de me mandar promoção
parem de me mandar mensagem
quanto custa para 2 pessoas?
é para quantas pessoas?
quero reservar mesa para 4 pessoas
uma pessoa só paga quanto?
o quarto é para uma pessoa?
qualquer pessoa pode participar?
outra pessoa pode retirar o pedido?
outra pessoa pode buscar pra mim?
alguém pode receber no meu lugar?
alguém já teve esse problema?
alguém sabe se abre feriado?
alguém aí sabe o preço?
tem gente na fila?
tem muita gente hoje?
a gente pode ir amanhã?
a gente quer fazer um orçamento
a gente queria saber o preço
quero presentear uma pessoa especial
quero enviar o produto para outra pessoa
como faço para transferir meu plano para outra pessoa?
posso transferir o valor por pix?
como transfiro a titularidade?
quero transferir dinheiro
me passa o preço
me passa o endereço por favor
me passa o valor do frete
me passa o pix
me passa o número do pedido
me manda o catálogo
me manda a tabela de preços
me manda foto
chama no pv
quero falar sobre o orçamento
quero falar da garantia
preciso falar sobre o meu pedido
queria conversar sobre valores
quero resolver meu problema
quero reclamar do produto
quero fazer uma reclamação
quero cancelar
quero ajuda
me ajuda
preciso de ajuda com o boleto
pode me ajudar?
alguma dica?
quero suporte
qual o prazo do suporte técnico?
o suporte técnico é gratuito?
o suporte está incluso no plano?
o financeiro abre que horas?
qual o e-mail do financeiro?
qual o contato do comercial?
qual o whatsapp do vendedor?
vocês têm vendedor externo?
vocês contratam atendente?
tem vaga de vendedor?
quero trabalhar com vocês como vendedor
como faço para ser representante?
mando meu currículo para quem?
vocês vendem robô aspirador?
o robô aspirador limpa tapete?
quanto custa o robô?
quero comprar um robô
o bot de vocês é bom
qual inteligência artificial vocês usam?
você é um robô?
você é humano?
vc é gente ou robô?
é um robô que tá falando?
tô falando com uma pessoa?
com quem eu falo?
quem está falando?
qual seu nome?
você é a atendente?
vc é o vendedor?
adorei ser atendido por um robô
gostei do atendimento automático
vocês têm resposta automática?
o portão é automático?
o carro é automático ou manual?
câmbio automático
débito automático
quero colocar no débito automático
como cancelo o débito automático
a renovação é automática?
não preciso de atendente, obrigado
não precisa chamar ninguém
não quero ser transferido
não me transfere não
sem atendente por favor, só quero a informação
não é pra passar pra ninguém
se precisar eu chamo um atendente
se não der certo eu falo com alguém
caso eu precise de atendente, como faço?
quando o atendente volta?
que dia o vendedor vem?
quando o técnico vem?
o técnico já está vindo?
cadê o técnico que ia vir hoje?
cadê meu pedido?
cadê a nota fiscal?
cadê o entregador?
onde está minha encomenda?
onde fica a loja?
onde fica o atendimento presencial?
aguardo o retorno
estou esperando a entrega
tô esperando meu pedido
estou aguardando o boleto
ainda estou esperando o código
ninguém me avisou do atraso
ninguém atende o telefone de vocês
ninguém recebeu aqui em casa
tem alguém em casa pra receber?
posso falar agora?
posso falar em áudio?
posso mandar áudio?
posso fazer uma pergunta?
posso pagar com cartão de outra pessoa?
posso levar uma pessoa comigo?
esse curso é para pessoa iniciante?
direitos humanos
anatomia humana
creme para uso humano
cabelo humano é mais caro?
o plano pessoa física tem desconto?
é pessoa jurídica
o médico atende convênio?
o médico atende sábado?
a consulta com o médico custa quanto?
a secretária mandou o resultado?
o corretor visita o imóvel?
o advogado cobra consulta?
quanto o advogado cobra?
ele quer falar com vocês
minha mãe quer saber o preço
meu filho pediu o azul
o responsável precisa assinar?
quem é o responsável pela entrega?
o menor precisa de responsável?
o dono da loja é o Carlos?
quero o telefone da loja
qual número para ligar?
posso ligar agora?
vou ligar mais tarde
liga mais tarde
liga o aparelho na tomada?
como ligo o aparelho?
não liga de jeito nenhum, o aparelho queimou?
o celular não liga
Boa noite, qual o valor da mensalidade?
Prezados, segue o comprovante
gostaria de saber se o atendimento é humanizado
vocês fazem parto humanizado?
o curso de atendimento ao cliente tem certificado?
vocês têm curso de atendente de farmácia?
qual o salário de atendente?
minha irmã é atendente aí
o atendente pode me dar desconto?
atendente dá desconto?
a loja tem quantos atendentes?
precisa falar com atendente para pegar o brinde?
tem que falar com o atendente pra ativar?
é obrigatório falar com um vendedor?
dá pra comprar sem falar com vendedor?
consigo resolver sem falar com ninguém?
quero resolver tudo por aqui, sem atendente
não quero ligação, só mensagem
não quero que me liguem
não me passa pra ninguém
não precisa transferir
não precisa me transferir
não, obrigada, não quero atendente
ainda não quero falar com vendedor
por enquanto não preciso falar com ninguém
agora não, depois falo com um atendente
depois eu falo com o gerente
amanhã eu falo com o atendente
mais tarde chamo o vendedor
outro dia falei com o gerente
semana passada conversei com uma atendente
eu estava falando com a atendente Bia ontem sobre a troca
a atendente Bia me disse que podia trocar
o atendente desligou na minha cara
fiquei 40 minutos falando com um atendente e não resolveu nada
falei com três atendentes diferentes
todos os atendentes são ótimos
seus atendentes são mal educados
quero parabenizar o atendente
quero agradecer ao vendedor Pedro
quero avaliar o atendente
quero dar nota para o atendente
quero denunciar um vendedor
o vendedor me enganou
o vendedor não me entregou a nota
comprei com a vendedora Paula
meu vendedor é o Lucas
quem é meu vendedor?
quem vai me atender na consulta?
quem é o médico que atende hoje?
qual médico atende na segunda?
a médica vai me atender que horas?
o técnico vem que dia?
o técnico vai me ligar antes de vir?
o entregador vai me ligar?
vocês vão me ligar quando chegar?
vocês ligam antes de entregar?
posso ligar para o entregador?
me avisa quando chegar
me chama quando estiver pronto
me chama no whatsapp
me responde por favor
me responda
responde aí
alô?
oi? alguém?
oi tem alguém?
alguém aí?
bom dia, alguém aí?
olá pessoal
oi gente
gente, qual o preço?
pessoal, vocês abrem hoje?
amigo, tem no tamanho M?
moça, quanto fica o frete?
quero falar uma coisa
quero falar que gostei muito
quero falar sobre a entrega
preciso conversar sobre meu contrato
podemos conversar?
posso falar?
quero conversar
vamos conversar sobre preço
fala comigo
quero atendimento
preciso de atendimento médico
quero marcar um atendimento
quero agendar um atendimento para amanhã
vocês fazem atendimento em domicílio?
tem atendimento preferencial?
atendimento infantil tem?
qual o protocolo do meu atendimento?
o atendimento foi ótimo
o atendimento de vocês é horrível
que atendimento péssimo
não gostei do atendimento
esse atendimento é por robô?
quem responde aqui é robô?
robô ou humano?
vc é bot?
isso é uma mensagem automática?
essa mensagem é automática?
recebi uma mensagem automática de vocês
quero configurar mensagem automática no meu whatsapp
como crio resposta automática?
vocês desenvolvem chatbot?
quanto custa um chatbot para minha loja?
quero contratar um robô de atendimento
o robô faz atendimento 24h?
esse robô é esperto
gostei do robô
o robô está funcionando?
a máquina de lavar não liga
a máquina de cartão quebrou
quero comprar uma máquina de café
não quero máquina, quero a manual
quero outra máquina, essa veio com defeito
cansei de esperar
cansei dessa demora
chega de enrolação, cadê meu reembolso?
para de enrolar
para com isso
não aguento mais esperar
estou cansado de esperar o pedido
quero meu dinheiro de volta
quero falar do meu reembolso
quero transferir meu agendamento
posso transferir a aula?
quero passar para o plano anual
passa pra sexta
pode passar para amanhã?
pode passar cartão?
passa o link
me passa o contato do técnico
me passa o telefone do gerente
me passa o nome do responsável
me manda o contato do vendedor
manda o telefone da loja
pode mandar
pode ser
pode mandar o boleto
pode chamar de você
como o cachorro se chama?
meu cachorro chama Thor
quero presente para meu chefe
presente para pessoa que gosta de café
qual produto para pessoa com diabetes?
curso para pessoa idosa
quantas pessoas cabem?
para quantas pessoas serve o bolo?
mesa para 8 pessoas às 20h
tenho uma pessoa para indicar
posso indicar uma pessoa?
conhece alguém que conserta?
tem alguém que instale?
vocês têm técnico que instala?
preciso de um técnico para instalar o ar condicionado
preciso de um advogado trabalhista
preciso de um médico ortopedista
quero um corretor de texto
quero um consultor de viagens
tem vendedor em Campinas?
representante no Paraná vocês têm?
qual o horário do gerente?
o gerente está?
o dono é daqui?
o suporte responde em quanto tempo?
suporte para TV 50 polegadas
quero um suporte de parede
quero suporte para notebook
vendas no atacado?
qual o e-mail de vendas?
cobrança indevida
recebi uma cobrança errada
o financeiro já aprovou?
preciso do comprovante do financeiro
manda para o financeiro@empresa.com
o jurídico já respondeu?
se eu não gostar posso devolver?
se eu quiser falar com o gerente, qual o horário?
quando posso retirar?
quero saber quando vão me ligar
o atendente já me respondeu, obrigado
obrigado pelo atendimento, falei com a atendente e resolveu
o humano que me atendeu ontem foi ótimo
vocês são humanos?
tem humano trabalhando no domingo?
vocês trabalham com atendimento humano ou robô?
o atendimento humano tem custo?
quanto tempo demora o atendimento humano?
qual a diferença entre o atendimento humano e o robô?
não sou robô
não sou um robô, sou cliente
não gostei do robô
robô legal
esse assistente é um robô?
o assistente virtual funciona 24h?
quero saber se o vendedor recebe comissão
quero ser vendedor da loja
vocês precisam de vendedor?
estou procurando emprego de atendente
vi a vaga de operador de caixa
mandei currículo para atendente
trabalho como atendente em outra loja
sou vendedora e quero comprar no atacado
sou responsável pela compra da empresa
sou o dono da empresa e quero um orçamento
o gerente do banco pediu o comprovante
meu gerente precisa da nota fiscal
meu contador pediu o boleto
minha contadora quer falar com o financeiro?
meu advogado disse para pedir o contrato
meu médico receitou esse remédio
a doutora atende pela Unimed?
o doutor tem horário amanhã?
quero marcar consulta com a doutora Ana
quero agendar com o dentista
quero agendar horário com a manicure Paula
quanto custa a consulta com a nutricionista?
tem horário com o barbeiro João?
o professor é nativo?
o curso tem professor ao vivo?
as aulas são com professor?
posso trocar de professor?
meu filho não gostou da professora
a coordenadora já voltou de férias?
qual o nome da diretora?
qual o ramal do financeiro?
qual setor cuida de trocas?
qual o horário do suporte?
vocês dão suporte depois da venda?
o produto tem suporte técnico?
o suporte me disse para reiniciar
já falei com o financeiro
já liguei aí várias vezes
liguei ontem e ninguém atendeu
tentei ligar mas só dá ocupado
vou ligar amanhã
posso ligar que horas?
qual número eu ligo?
vocês ligam para confirmar?
o técnico liga antes?
não consegui falar com o vendedor ontem
não deu pra falar com o gerente
tentei falar com vocês ontem
tentei falar com um atendente no domingo
quando eu falei com o atendente ele disse que sim
a pessoa que me atendeu foi grossa
a pessoa que comprou quer trocar
uma pessoa pode usar dois cupons?
cada pessoa paga quanto?
por pessoa quanto fica?
plano para uma pessoa
pacote para duas pessoas
só uma pessoa
é só para mim e mais uma pessoa
uma pessoa da minha família quer comprar
conheço uma pessoa que trabalha aí
alguém da minha família pode retirar?
alguém mais reclamou disso?
alguém recebeu com defeito?
posso pedir para alguém buscar?
vou pedir para alguém buscar
vou mandar alguém buscar
mandei alguém aí mas estava fechado
chama o próximo
chama o entregador, o pedido veio errado
passa o cartão em quantas vezes?
passa na minha rua?
passa aqui que horas?
transfere por pix?
transferência bancária vocês aceitam?
fiz a transferência
quero transferir para minha conta
como transferir os pontos para outra pessoa?
encaminhei o comprovante
encaminha o boleto por favor
me encaminha o contrato
me encaminha a segunda via
me coloca na lista de espera
me coloca no grupo
coloca mais um item no pedido
me conecta na internet?
não conecta
conectar o aparelho no wifi
o robô de vocês é rápido
preciso de atendimento veterinário
o atendente anotou meu pedido errado
vocês atendem pessoa jurídica?
qual pessoa devo procurar na loja?
tem desconto para funcionário?
o vendedor mora aqui perto
posso falar com sotaque?
quero falar inglês
quero aprender a falar com o público
curso para falar com clientes
quero conversar com os pais antes
preciso falar com o síndico do prédio
meu pai falou com o gerente
o técnico não apareceu
alguém deixou um pacote aqui
a gente precisa de duas pessoas na mesa
quero ligar para a loja
que horas o dono chega?
falei com o responsável ontem
o gerente me ligou mas eu não atendi
vocês atendem por telefone?
tem alguém que fala inglês na loja?
meu marido quer falar com vocês
quero falar com o robô de novo
esse preço é por pessoa?
não gosto de falar por telefone
o vendedor foi ótimo, obrigada
atendente nova essa Carla?
quem são os atendentes?
preciso do contato de um técnico
não preciso mais de ajuda
obrigada, não precisa transferir
qual técnico veio aqui?
posso falar com meu marido e responder depois?
a secretária já me respondeu
humanos podem tomar esse remédio?
a gente fala depois
vou chamar alguém para me ajudar a carregar
o chefe de cozinha é italiano?
vi que vocês têm atendimento humano no plano pro
o atendente da loja física me passou esse número
gostei muito do vendedor
o contato do vendedor está no site?
fui atendida por uma pessoa muito educada
o dono do apartamento autorizou
o responsável pelo aluno precisa comparecer?
sou responsável por uma criança de 5 anos
quero marcar uma reunião
quero agendar uma visita
quero uma pessoa para dividir o quarto
quero ser atendido às 10h
quero passar no caixa
me passa a senha do wifi
me passa as medidas
me coloca como prioridade
transfere o agendamento pra quinta
chama um táxi pra mim
liga o ar condicionado como?
qual o telefone para contato?
vocês têm telefone fixo?
prefiro por email
prefiro o azul
preciso de ajuda para escolher
preciso de suporte para monitor
alguém sabe o código?
tem alguém na loja agora?
quem é a pessoa responsável pelos cursos?
o bot me mandou o link errado
a máquina não liga, o que faço?
pode me passar o preço?
me manda
me passa por favor
pode me mandar o catálogo?
tem como me enviar?
me encaminha por favor
me passa
pode me passar?
pode me encaminhar o boleto
me coloca
consegue me passar o endereço?
me passa o pix que eu faço agora
tem como me passar as informações?
poderia me passar mais detalhes?
me passa os horários
me manda o link
tem como me transferir o arquivo?
me liga depois
posso passar aí hoje?
preciso do boleto
preciso da nota
gostaria do cardápio
passa seu endereço
quem passou o preço errado foi o atendente
quero falar com vocês
vocês são uma empresa de pessoas ou robôs?
a pessoa vai precisar assinar?
o atendente confirmou a data
atendentes trabalham no natal?
o gerente liberou o crédito?
meu gerente do banco pediu
tem fila para atendimento?
como é o atendimento de vocês?
vocês atendem em inglês?
quero contratar um vendedor
estou esperando uma pessoa chegar
falei que quero o azul
passei o cartão e não foi
passa o pix
me passa pro próximo passo
transfere por ted?
me chama mais tarde
alguém comprou isso?
uma pessoa me indicou vocês
"""
