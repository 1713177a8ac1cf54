// The pages' behaviour. HTML comes from the server in fragments, with a table of what its elements do.
import { boot, api, at, bindings, outlet, fill, showDialog } from "./fragments.js";
import { act } from "./actions.js";
import { openOverlay, onInput, onKey, send } from "./messaging.js";

// People's clicks only: the site notes scripted ones and does nothing.
function find(event, test) {
  for (const node of event.composedPath()) if (node instanceof Element && test(node)) return node;
  return null;
}
const key = (el) => el.getAttribute("componentkey") || el.id;

document.addEventListener("click", (event) => {
  const target = find(event, (el) => bindings.has(key(el)) && bindings.get(key(el)).do !== "none" || el.matches("a[href]"));
  if (!target) return;
  const bound = bindings.get(key(target));
  if (!event.isTrusted) { event.preventDefault(); api("/voyager/api/conduct", { what: "scripted click" }); return; }
  if (bound && !["composer", "bubble"].includes(bound.do)) { event.preventDefault(); act(bound, target); return; }
  const href = target.matches("a[href]") && target.getAttribute("href");
  if (!href) return;
  if (href === "#") { event.preventDefault(); return; }
  if (boot.opens !== "page" && href.startsWith("/messaging/compose/") && href.includes("interop=msgOverlay") && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    act({ do: "compose", href }, target);
  } else if (href.includes("/overlay/contact-info/")) {
    event.preventDefault();
    act({ do: "contact-info", href }, target);
  }
});
document.addEventListener("submit", (event) => {
  const form = find(event, (el) => el.matches(at(".msg-form")));
  if (form) { event.preventDefault(); send(form); }
});
// A submit event does not leave a shadow root, and needs a form and its button: all others are caught by the click.
document.addEventListener("click", (event) => {
  const button = find(event, (el) => el.matches(at(".msg-form__send-button")));
  if (!button || bindings.has(button.id) || !event.isTrusted || button.disabled || button.getAttribute("aria-disabled") === "true") return;
  const submits = button.form && button.type === "submit" && button.getRootNode() === document;
  if (!submits) { event.preventDefault(); send(button.closest(at(".msg-form"))); }
});
document.addEventListener("input", (event) => onInput(event.composedPath()[0]));
document.addEventListener("keydown", (event) => {
  const origin = event.composedPath()[0];
  if (origin.matches?.("[role=button]") && (event.key === "Enter" || event.key === " ")) {
    const bound = bindings.get(key(origin));
    if (bound && event.isTrusted) { event.preventDefault(); act(bound, origin); }
  }
  onKey(event, origin);
});

if (boot.notice) {
  for (const [name, bound] of Object.entries(boot.notice.bindings)) bindings.set(name, bound);
  if (boot.notice.into === "main") document.querySelector(at("main")).innerHTML = boot.notice.html;
  else showDialog(boot.notice.html, boot.notice.into === "shadow" ? "shadow" : boot.outlet);
}
if (!(boot.notice?.into === "main")) for (const piece of boot.fragments) fill(piece.into, piece.url);
if (boot.bubbles) openOverlay();
outlet();

// A second name and a second set of controls come down from the top edge once the first have scrolled away.
addEventListener("scroll", () => {
  const sticky = document.querySelector("[data-sticky]") || document.querySelector(".pvs-sticky-header-profile");
  const name = document.querySelector("main h1, main h2");
  if (sticky && name && !sticky.contains(name)) sticky.hidden = name.getBoundingClientRect().bottom > 60;
}, { passive: true, capture: true });
