// Which address shows which screen; each is loaded when it is first asked for.

/** @type {import("./core/router.js").Route[]} */
export const ROUTES = [
  { path: "/entrar", area: "", open: true, load: () => import("./account/sign-in.js") },
  { path: "/cadastrar", area: "", open: true, load: () => import("./account/register.js") },
  { path: "/convite/:invitation", area: "", open: true, load: () => import("./account/register.js") },
  { path: "/esqueci", area: "", open: true, load: () => import("./account/forgot.js") },
  { path: "/redefinir-senha/:token", area: "", open: true, load: () => import("./account/reset.js") },
  { path: "/", area: "inbox", keep: "inbox", load: () => import("./inbox/screen.js") },
  { path: "/conversas/:id?/:chat?", area: "inbox", keep: "inbox", load: () => import("./inbox/screen.js") },
  { path: "/conta", area: "account", load: () => import("./account/account.js") },
];
