// Which address shows which screen; each is loaded when it is first asked for.

/** @type {import("./core/router.js").Route[]} */
export const ROUTES = [
  { path: "/entrar", area: "", open: true, load: () => import("./account/sign-in.js") },
  { path: "/cadastrar", area: "", open: true, load: () => import("./account/register.js") },
  { path: "/convite/:invitation", area: "", open: true, load: () => import("./account/register.js") },
  { path: "/esqueci", area: "", open: true, load: () => import("./account/forgot.js") },
  { path: "/redefinir-senha/:token", area: "", open: true, load: () => import("./account/reset.js") },
  { path: "/inicio", area: "assistants", load: () => import("./assistants/first-start.js") },
  { path: "/", area: "inbox", keep: "inbox", load: () => import("./inbox/screen.js") },
  { path: "/conversas/:id?/:chat?", area: "inbox", keep: "inbox", load: () => import("./inbox/screen.js") },
  { path: "/assistentes", area: "assistants", load: () => import("./assistants/list.js") },
  { path: "/assistentes/:id/:tab?/:item?", area: "assistants", load: () => import("./assistants/screen.js") },
  { path: "/uso", area: "usage", load: () => import("./usage/screen.js") },
  { path: "/admin/:tab?", area: "admin", load: () => import("./admin/screen.js") },
  { path: "/conta", area: "account", load: () => import("./account/account.js") },
];
