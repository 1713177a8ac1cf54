// Pieces of pages: fetched, put in place, and what scrolling brings in later.
export const boot = JSON.parse(document.getElementById("boot").textContent);
export const bindings = new Map();
// A redesign that renames and rebuilds what pages are made of tells its own script how to find things: by marks.
export const at = (selector) => (boot.hooks ? `[${boot.hooks.attribute}~="${boot.hooks.marks[selector]}"]` : selector);
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export async function api(url, body) {
  const headers = { "x-li-timezone": zone };
  if (body !== undefined) headers["content-type"] = "application/json";
  return fetch(url, { method: body === undefined ? "GET" : "POST", headers, body: body === undefined ? undefined : JSON.stringify(body) });
}

export async function piece(url, body) {
  const response = await api(url, body);
  const data = await response.json().catch(() => ({}));
  for (const [name, bound] of Object.entries(data.bindings || {})) bindings.set(name, bound);
  return { ok: response.ok, status: response.status, ...data };
}

const places = { main: () => document.querySelector(at("main")), aside: () => document.querySelector(boot.hooks ? at("aside") : "body > .application-outlet > aside") };

export async function fill(into, url) {
  const data = await piece(url);
  if (into === "dialog") { if (data.html) showDialog(data.html); return; }
  const place = places[into]();
  if (!place) return;
  if (!data.html) { place.innerHTML = '<section class="notice"></section>'; return; }
  place.innerHTML = data.html;
  if (data.title) document.title = data.title;
  if (data.path && data.path !== location.pathname) history.replaceState(null, "", data.path);
  if (data.dialog) showDialog(data.dialog);
  for (const list of place.querySelectorAll(at(".msg-s-message-list-container"))) list.scrollTop = list.scrollHeight;
  drip(place);
  watch(place);
}

// Messages that show one after the other, where the interface does that.
export function drip(place) {
  if (!boot.drips) return;
  place.querySelectorAll(".msg-s-message-list__event").forEach((event, number) => {
    const next = document.createComment("");
    event.replaceWith(next);
    setTimeout(() => next.replaceWith(event), 40 * (number + 1));
  });
}

// What is to be loaded, or offered, when it scrolls into view.
export function watch(place) {
  for (const offer of place.querySelectorAll("[data-offer]")) {
    offer.removeAttribute("data-offer");
    const eye = new IntersectionObserver((seen) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      eye.disconnect();
      setTimeout(() => { offer.hidden = false; }, 120);
    });
    eye.observe(offer.previousElementSibling || offer.parentElement);
  }
  for (const mark of place.querySelectorAll("[data-later]")) {
    const url = mark.dataset.later;
    mark.removeAttribute("data-later");
    const eye = new IntersectionObserver(async (seen) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      eye.disconnect();
      await more(mark, url);
    });
    eye.observe(mark);
  }
}

export async function more(mark, url) {
  const data = await piece(url);
  if (!data.html) return;
  const box = document.createElement("template");
  box.innerHTML = data.html;
  const parent = mark.parentElement;
  mark.replaceWith(box.content);
  watch(parent);
}

// Where dialogs, toasts and bubbles live: the light DOM, or an open shadow root.
export function outlet(kind = boot.outlet) {
  if (kind !== "shadow") return document.getElementById("overlay-outlet");
  let host = document.getElementById("interop-outlet");
  if (!host) {
    host = document.createElement("div");
    host.id = "interop-outlet";
    host.setAttribute("data-testid", "interop-shadowdom");
    document.body.append(host);
    const root = host.attachShadow({ mode: "open" });
    for (const sheet of document.querySelectorAll("link[rel=stylesheet]")) root.append(sheet.cloneNode());
  }
  return host.shadowRoot;
}

export function showDialog(html, place = boot.outlet) {
  const box = document.createElement("div");
  box.innerHTML = html;
  const toast = box.querySelector(at(".artdeco-toast-item"));
  box.className = toast ? "artdeco-toasts" : "artdeco-modal-overlay";
  outlet(place).append(box);
  return box;
}
