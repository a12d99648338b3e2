/* The chat window of a site: <script src="https://…/widget.js" data-channel="…" async></script>
   Nothing here is ever markup: texts go into the page as text, styles by a constructed sheet (strict CSP). */
(() => {
  "use strict";

  const script = document.currentScript;
  const channel = script && script.dataset.channel;
  if (!channel || document.querySelector(`[data-orquestradora="${CSS.escape(channel)}"]`)) return;
  const api = `${new URL(script.src).origin}/widget/${encodeURIComponent(channel)}`;

  // Milliseconds: between two looks for news, for a request, between two tries, for an answer to come.
  const FASTEST = 2000, SLOWEST = 15000, ASLEEP = 60000, PATIENCE = 20000, LONGEST_RETRY = 30000, ANSWER = 60000;
  const MOST_STARTS = 5;
  const FOR_EVER = new Set([403, 404]), REFUSED = new Set([400, 413, 415, 422]);

  // --- What survives a reload: the session, the draft, what is not sent yet, whether the window is open.

  const stored = `orquestradora:${channel}`;
  const state = { token: "", draft: "", pending: [], open: false };

  const recall = () => {
    try { Object.assign(state, JSON.parse(localStorage.getItem(stored))); } catch { /* nothing, or not allowed */ }
    if (!Array.isArray(state.pending)) state.pending = [];
  };
  const keep = () => {
    try { localStorage.setItem(stored, JSON.stringify(state)); } catch { /* it lasts as long as the page then */ }
  };

  // --- The service.

  class Refusal extends Error {
    constructor(status, seconds) { super(String(status)); this.status = status; this.seconds = seconds; }
  }

  async function ask(method, path, body) {
    const headers = {};
    if (state.token) headers.Authorization = `Bearer ${state.token}`;
    if (body) headers["Content-Type"] = "application/json";
    const response = await fetch(api + path, {
      method, headers, body: body && JSON.stringify(body), credentials: "omit", cache: "no-store",
      referrerPolicy: "no-referrer", signal: AbortSignal.timeout(PATIENCE),
    });
    if (!response.ok) throw new Refusal(response.status, Number(response.headers.get("Retry-After")) || 0);
    return response.status === 204 ? null : response.json();
  }

  const pause = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });
  const backOff = (attempt, error) =>
    Math.max((error.seconds || 0) * 1000, Math.min(1000 * 2 ** attempt, LONGEST_RETRY) * (0.75 + Math.random() / 2));
  const newId = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  // --- The window.

  const ui = {};
  const shown = new Map();
  let config = null, last = 0, unread = 0, seen = { delivered: 0, read: 0 };
  let delay = FASTEST, timer = 0, sending = false, polling = false;
  let offline = false, ended = false, typing = false, waitingUntil = 0, told = "";

  const STYLE = `
    :host { all: initial; }
    * { box-sizing: border-box; font: inherit; }
    .root { position: fixed; right: 16px; bottom: 16px; z-index: 2147483000; color: #16211e;
      font: 15px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
    button { cursor: pointer; border: 0; }
    :focus-visible { outline: 2px solid #fff; box-shadow: 0 0 0 5px #16211e; }
    .log:focus-visible { outline: 3px solid #16211e; outline-offset: -3px; box-shadow: none; }
    .launcher { display: flex; align-items: center; gap: 8px; min-height: 52px; padding: 0 20px; border-radius: 26px;
      background: #0b5d4e; color: #fff; font-weight: 600; box-shadow: 0 4px 16px rgb(0 0 0 / 25%); }
    .badge { min-width: 22px; padding: 0 6px; border-radius: 11px; background: #fff; color: #0b5d4e; }
    .panel { display: flex; flex-direction: column; width: 370px; height: min(560px, calc(100vh - 32px));
      border-radius: 14px; background: #fff; overflow: hidden; box-shadow: 0 8px 32px rgb(0 0 0 / 30%); }
    header { display: flex; align-items: center; justify-content: space-between; padding: 8px 8px 8px 16px;
      background: #0b5d4e; color: #fff; }
    h2 { margin: 0; font-size: 16px; font-weight: 600; overflow-wrap: anywhere; }
    .close { width: 44px; height: 44px; border-radius: 8px; background: transparent; color: #fff; font-size: 22px; }
    .log { flex: 1; overflow-y: auto; padding: 12px; background: #f3f6f5; overscroll-behavior: contain; }
    .message { width: fit-content; max-width: 85%; margin: 0 0 8px; padding: 8px 12px; border-radius: 12px;
      background: #fff; white-space: pre-wrap; overflow-wrap: anywhere; }
    .mine { margin-left: auto; background: #d5ece4; }
    .note { display: block; font-size: 12px; color: #4a5a55; }
    .failed .note { color: #9b1c1c; }
    .status { min-height: 22px; padding: 0 12px; background: #f3f6f5; font-size: 13px; color: #4a5a55; }
    form { display: flex; gap: 8px; padding: 10px; border-top: 1px solid #d7dfdc; }
    textarea { flex: 1; min-height: 44px; max-height: 120px; padding: 10px; resize: none; border: 1px solid #6b7a75;
      border-radius: 10px; font-size: 16px; color: inherit; background: #fff; }
    .send { min-width: 44px; padding: 0 14px; border-radius: 10px; background: #0b5d4e; color: #fff; font-weight: 600; }
    .send[aria-disabled="true"] { background: #5c6b66; }
    .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    [hidden] { display: none !important; }
    @media (max-width: 480px) {
      .root.open { inset: 0; }
      .panel { width: 100%; height: 100%; border-radius: 0; }
    }
    @media (prefers-reduced-motion: no-preference) {
      .panel { animation: rise 0.15s ease-out; }
      @keyframes rise { from { opacity: 0; transform: translateY(12px); } }
    }
    @media (forced-colors: active) { .panel, .launcher, .message { border: 1px solid; } }
  `;

  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== false) element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children);
    return element;
  }

  function build() {
    const host = make("div", { "data-orquestradora": channel });
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];

    ui.badge = make("span", { class: "badge", "aria-hidden": "true", hidden: true });
    ui.launcher = make("button", { type: "button", class: "launcher", "aria-haspopup": "dialog" },
      make("span", { "aria-hidden": "true" }, config.title), ui.badge);
    ui.close = make("button", { type: "button", class: "close", "aria-label": "Fechar o atendimento" }, "×");
    ui.log = make("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": "Mensagens", tabindex: "0",
      "aria-busy": String(Boolean(state.token)) }); // what was said before a reload is not read out
    ui.status = make("div", { class: "status", role: "status" });
    ui.text = make("textarea", { id: "text", rows: "1", maxlength: String(config.most_characters), enterkeyhint: "send",
      placeholder: "Escreva sua mensagem", autocomplete: "off", "aria-describedby": "hint" });
    ui.send = make("button", { type: "submit", class: "send" }, "Enviar");
    ui.form = make("form", {},
      make("label", { for: "text", class: "hidden" }, "Sua mensagem"), ui.text,
      make("span", { id: "hint", class: "hidden" }, "Enter envia; Shift e Enter quebram a linha; Esc fecha."), ui.send);
    ui.panel = make("div",
      { class: "panel", role: "dialog", "aria-modal": "true", "aria-labelledby": "title", hidden: true },
      make("header", {}, make("h2", { id: "title" }, config.title), ui.close), ui.log, ui.status, ui.form);
    ui.root = make("div", { class: "root", lang: "pt-BR" }, ui.launcher, ui.panel);
    root.append(ui.root);

    ui.text.value = state.draft;
    ui.launcher.addEventListener("click", () => { open(true); ui.text.focus(); });
    ui.close.addEventListener("click", () => open(false));
    ui.form.addEventListener("submit", (event) => { event.preventDefault(); write(); });
    ui.text.addEventListener("input", () => { state.draft = ui.text.value; keep(); refresh(); });
    ui.panel.addEventListener("keydown", pressed);
    document.body.append(host);
    if (config.greeting) show({ id: "greeting", by: "business", text: config.greeting });
    state.pending.forEach((one) => show({ ...one, by: "visitor" }, "Enviando…"));
    label();
    refresh();
  }

  function pressed(event) {
    event.stopPropagation(); // the site's own shortcuts are not meant
    if (event.isComposing) return; // an input method takes the keys
    if (event.key === "Escape") {
      event.preventDefault();
      open(false);
    } else if (event.key === "Enter" && event.target === ui.text && !event.shiftKey) {
      event.preventDefault();
      write();
    } else if (event.key === "Tab") {
      const stops = [ui.close, ui.log, ui.text, ui.send];
      const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
      if (event.target === edge) {
        event.preventDefault();
        (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
      }
    }
  }

  function open(wanted) {
    const had = state.open;
    state.open = wanted;
    keep();
    ui.panel.hidden = !wanted;
    ui.launcher.hidden = wanted;
    ui.root.classList.toggle("open", wanted);
    if (wanted) {
      unread = 0;
      scroll();
      soon();
      tellSeen();
    } else if (had) {
      ui.launcher.focus();
    }
    label();
  }

  function label() {
    const news = unread === 0 ? "" : unread === 1 ? ", 1 mensagem nova" : `, ${unread} mensagens novas`;
    ui.launcher.setAttribute("aria-label", `Abrir o atendimento: ${config.title}${news}`);
    ui.badge.textContent = String(unread);
    ui.badge.hidden = unread === 0;
  }

  const scroll = () => { ui.log.scrollTop = ui.log.scrollHeight; };

  /** A message, once, above what is not sent yet; `note` says what is happening to it. */
  function show(message, note = "", failed = false) {
    let element = shown.get(message.id);
    if (!element) {
      const mine = message.by === "visitor";
      element = make("div", { class: mine ? "message mine" : "message", dir: "auto" },
        make("span", { class: "hidden" }, mine ? "Você: " : `${config.title}: `), message.text,
        make("span", { class: "note" }));
      const unsent = note ? null : shown.get(state.pending[0]?.id);
      ui.log.insertBefore(element, unsent ?? null);
      shown.set(message.id, element);
      scroll();
    }
    element.lastChild.textContent = note;
    element.classList.toggle("failed", failed);
  }

  function refresh() {
    const status = ended ? "O atendimento não está disponível agora."
      : offline ? "Sem conexão. Tentando de novo…"
      : typing ? "Escrevendo uma resposta…" : told;
    if (ui.status.textContent !== status) ui.status.textContent = status;
    ui.send.setAttribute("aria-disabled", String(ended || !ui.text.value.trim()));
  }

  function connected() {
    if (!offline) return;
    offline = false;
    told = "Conexão restabelecida.";
    setTimeout(() => { told = ""; refresh(); }, 5000);
    refresh();
  }

  function failed(error) {
    if (error instanceof Refusal && FOR_EVER.has(error.status)) ended = true;
    else if (!(error instanceof Refusal)) offline = true;
    refresh();
  }

  // --- Writing: one after another; an id goes with each, so that the service takes a repeated one in once.

  function write() {
    const text = ui.text.value.trim();
    if (!text || ended) return;
    const message = { id: newId(), text };
    state.pending.push(message);
    state.draft = ui.text.value = "";
    keep();
    show({ ...message, by: "visitor" }, "Enviando…");
    refresh();
    deliver();
  }

  async function deliver() {
    if (sending) return;
    sending = true;
    for (let attempt = 0; state.pending.length && !ended;) {
      const message = state.pending[0];
      try {
        await session();
        await ask("POST", "/messages", message);
        settle(message, "");
        waitingUntil = Date.now() + ANSWER;
        attempt = 0;
        connected();
        soon();
      } catch (error) {
        if (error.status === 401) forget();
        else if (REFUSED.has(error.status)) settle(message, "Não foi possível enviar.", true);
        else failed(error);
        if (!REFUSED.has(error.status) && (error.status !== 401 || attempt)) await retry(attempt, error);
        attempt += 1;
      }
    }
    sending = false;
    refresh();
  }

  function settle(message, note, isFailed = false) {
    state.pending = state.pending.filter((one) => one.id !== message.id);
    keep();
    show({ ...message, by: "visitor" }, note, isFailed);
  }

  let hurry = () => {};
  const retry = (attempt, error) => Promise.race([
    pause(backOff(attempt, error)),
    new Promise((done) => { if (!error.seconds) hurry = done; }), // until the network is back
  ]);

  async function session() {
    if (state.token) return;
    state.token = (await ask("POST", "/sessions", {})).token;
    keep();
  }

  function forget() {
    state.token = "";
    last = 0;
    seen = { delivered: 0, read: 0 };
    keep();
  }

  // --- Reading: often while somebody writes, ever more seldom while nothing comes, hardly in a hidden page.

  function soon() {
    delay = FASTEST;
    schedule(300);
  }

  function schedule(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(poll, milliseconds);
  }

  async function poll() {
    if (ended || polling || !state.token) return;
    polling = true;
    try {
      const news = await ask("GET", `/messages?after=${last}`);
      connected();
      typing = news.typing;
      if (news.messages.length) take(news.messages);
      const slowest = document.hidden ? ASLEEP : state.open || waitingUntil > Date.now() ? SLOWEST : ASLEEP;
      delay = news.messages.length || typing ? FASTEST : Math.min(delay * 1.3, slowest);
    } catch (error) {
      if (error.status === 401) forget();
      else failed(error);
      delay = Math.min(Math.max(delay * 1.5, (error.seconds || 0) * 1000), ASLEEP);
    }
    polling = false;
    ui.log.setAttribute("aria-busy", "false");
    refresh();
    if (state.token && !ended) schedule(delay);
  }

  function take(messages) {
    const isFirst = last === 0;
    for (const message of messages) {
      show(message);
      last = Math.max(last, message.number);
      if (message.by !== "visitor") {
        waitingUntil = 0;
        if (!state.open && !isFirst) unread += 1;
      }
    }
    label();
    tellSeen();
  }

  async function tellSeen() {
    const now = { delivered: last, read: state.open && !document.hidden ? last : seen.read };
    if (!state.token || (now.delivered === seen.delivered && now.read === seen.read)) return;
    const before = seen;
    seen = now;
    try { await ask("POST", "/seen", now); } catch { seen = before; }
  }

  // --- The beginning.

  async function start() {
    recall();
    for (let attempt = 0; !config; attempt += 1) {
      try {
        config = await ask("GET", "/config");
      } catch (error) {
        // Why an origin is refused, browsers do not tell scripts: a network that is away looks the same.
        if (attempt === 0) console.warn(`${api} does not answer this page; does its channel list ${location.origin}?`);
        if (FOR_EVER.has(error.status) || attempt === MOST_STARTS) return;
        await pause(backOff(attempt, error));
      }
    }
    build();
    if (state.open) open(true);
    if (state.token) schedule(0);
    deliver();
    const awake = () => { hurry(); if (!document.hidden) { soon(); if (state.open) tellSeen(); } };
    addEventListener("online", () => {
      if (!state.token && !state.pending.length) connected(); // nothing is asked that would show it
      awake();
    });
    addEventListener("offline", () => { offline = true; refresh(); });
    document.addEventListener("visibilitychange", awake);
    addEventListener("storage", (event) => { // the site is open in another tab, too: one conversation
      const token = event.key === stored && JSON.parse(event.newValue || "{}").token;
      if (token && !state.token) { state.token = token; soon(); }
    });
  }

  if (document.body) start(); else addEventListener("DOMContentLoaded", start);
})();
