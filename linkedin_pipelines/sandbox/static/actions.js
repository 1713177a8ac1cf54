// What controls do.
import { api, at, boot, fill, more, piece, showDialog } from "./fragments.js";
import { closeBubble, openBubble, sayHello, send } from "./messaging.js";

export async function act(bound, el) {
  if (el.getAttribute("aria-disabled") === "true") return;
  const box = () => el.closest(".artdeco-modal-overlay, .artdeco-toasts");
  switch (bound.do) {
    case "go": if (boot.opens !== "page" && bound.href.includes("interop=msgOverlay")) return openBubble(bound.href); location.assign(bound.href); return;
    case "compose": if (boot.opens === "page" || !boot.bubbles) location.assign(bound.href); else await openBubble(bound.href); return;
    case "contact-info": {
      history.pushState(null, "", bound.href);
      const slug = bound.href.split("/in/")[1].split("/")[0];
      await fill("dialog", `/voyager/api/profile/${slug}/contact-info`);
      return;
    }
    case "close-dialog":
      box()?.remove();
      if (location.pathname.includes("/overlay/contact-info/")) history.replaceState(null, "", location.pathname.split("overlay/")[0]);
      return;
    case "menu": toggleMenu(el); return;
    case "invite": await api("/voyager/api/invitations", { person: bound.person }); el.textContent = "✓"; el.setAttribute("aria-disabled", "true"); return;
    case "follow": await api("/voyager/api/follows", { person: bound.person }); el.setAttribute("aria-disabled", "true"); return;
    case "more": await more(el, bound.url); return;
    case "ask-withdraw": { const data = await piece(bound.url); if (data.html) showDialog(data.html); return; }
    case "withdraw": await withdraw(bound, box()); return;
    case "send": send(el.closest(at("form"))); return;
    case "say-hello": await sayHello(bound, el); return;
    case "close-bubble": closeBubble(el.closest(at(".msg-overlay-conversation-bubble")), bound.person); return;
    case "toggle-list": el.parentElement.classList.toggle("msg-overlay-list-bubble--is-minimized"); return;
    case "dismiss-prompt": el.closest(at(".msg-share-contact-info")).remove(); return;
    case "share-contact": await api("/voyager/api/shares", { person: bound.person }); el.closest(at(".msg-share-contact-info")).remove(); return;
    case "remove-recipient": location.assign("/messaging/compose/"); return;
    case "pick-recipient": await openFor(bound, el); return;
  }
}

async function openFor(bound, el) {
  const bubble = el.closest(at(".msg-overlay-conversation-bubble"));
  if (bubble) { bubble.remove(); await openBubble(`/messaging/compose/?recipient=${bound.recipient}&interop=msgOverlay`); }
  else location.assign(`/messaging/compose/?recipient=${bound.recipient}`);
}

async function withdraw(bound, box) {
  const data = await piece("/voyager/api/invitations/withdraw", { person: bound.person });
  box?.remove();
  if (data.toast) showDialog(data.toast);
  if (data.ok) await fill("main", "/voyager/api/invitations/sent");
}

function toggleMenu(el) {
  const open = el.getAttribute("aria-expanded") !== "true";
  el.setAttribute("aria-expanded", String(open));
  el.parentElement.querySelector(".menu")?.remove();
  if (!open) return;
  const menu = document.createElement("div");
  menu.className = "menu artdeco-dropdown__content";
  menu.setAttribute("role", "menu");
  menu.innerHTML = '<div role="menuitem" tabindex="0">PDF</div>';
  el.after(menu);
}
