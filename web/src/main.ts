/* Starts the page: what the person chose, one listener for keys, one for links, then App. */
import "./style/tokens.css";
import "./style/base.css";
import "./style/print.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { keys } from "./logic/keys";
import { isOwnLink, placeOf } from "./logic/router";
import { arrive, go, useSettings } from "./session.svelte";

document.addEventListener("keydown", (event) => {
  if (!event.defaultPrevented && keys.press(event)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link?.href || event.defaultPrevented) return;
  const click = { button: event.button, modified: event.ctrlKey || event.metaKey || event.shiftKey || event.altKey };
  if (!isOwnLink({ origin: link.origin, target: link.target, download: link.hasAttribute("download") }, click, location.origin)) return;
  if (!placeOf(link.pathname) || (link.hash && link.pathname === location.pathname)) return;
  event.preventDefault();
  go(link.pathname + link.search + link.hash);
});

addEventListener("popstate", arrive);

const target = document.getElementById("app");
if (target) void useSettings().then(() => mount(App, { target }));
