// The dashboard's start: texts, theme, screens.

import { fill, h } from "./core/dom.js";
import { loadTexts } from "./core/i18n.js";
import { loadSaid } from "./core/said.js";
import { applyTheme } from "./core/preferences.js";
import { register } from "./core/router.js";
import { onExpiry } from "./core/session.js";
import { askAgain } from "./account/renew.js";
import { ROUTES } from "./routes.js";
import { startShell } from "./shell.js";

applyTheme();
try {
  await loadTexts();
  register(ROUTES);
  onExpiry(askAgain);
  startShell(document.body);
  void loadSaid().catch(() => {});
} catch {
  fill(document.body, h("main", { class: "state" }, "O painel não pôde ser carregado. Recarregue a página."));
}
