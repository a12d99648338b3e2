// The pages that links in mails lead to: #/redefinir-senha/<token> and #/convite/<token>.

const SENTENCES = {
  invalid_token: "Este link já foi usado ou venceu. Peça um novo.",
  invitation_invalid: "Este convite não vale mais, ou é para outro e-mail. Peça um novo a quem convidou você.",
  email_taken: "Já existe uma conta com este e-mail. Entre com ela e peça acesso a quem convidou você.",
  validation_error: "Esta senha ou este e-mail não pode ser usado. Escolha outra senha: as mais comuns são recusadas.",
  rate_limited: "Foram tentativas demais. Espere um minuto e tente de novo.",
};
const UNKNOWN = "Não deu certo agora. Tente de novo em alguns minutos.";

const ACTIONS = {
  "redefinir-senha": {
    path: "../auth/resetPassword",
    token: "token",
    done: "A senha foi alterada, e as sessões abertas foram encerradas. Você já pode entrar.",
  },
  convite: { path: "../auth/register", token: "invitation", done: "A conta foi criada. Você já pode entrar." },
};

const outcome = document.getElementById("outcome");

/** Shows the form that the address names, or the home page. */
function show() {
  const [, name, token] = location.hash.split("/");
  outcome.textContent = "";
  for (const id of Object.keys(ACTIONS)) {
    document.getElementById(id).hidden = id !== name || !token;
  }
  document.getElementById("home").hidden = name in ACTIONS && Boolean(token);
}

/** Sends a form with the token of the address, and says how it went. */
async function submit(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const action = ACTIONS[form.id];
  const button = form.querySelector("button");
  const token = decodeURIComponent(location.hash.split("/")[2] ?? "");
  button.disabled = true;
  outcome.textContent = "";
  try {
    const response = await fetch(action.path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...Object.fromEntries(new FormData(form)), [action.token]: token }),
    });
    const body = await response.json();
    form.hidden = response.ok;
    outcome.textContent = response.ok ? action.done : (SENTENCES[body.code] ?? UNKNOWN);
  } catch {
    outcome.textContent = UNKNOWN;
  } finally {
    button.disabled = false;
  }
}

for (const id of Object.keys(ACTIONS)) {
  document.getElementById(id).addEventListener("submit", submit);
}
addEventListener("hashchange", show);
show();
