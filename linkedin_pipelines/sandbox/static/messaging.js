// Conversations: bubbles at the bottom of pages, and the form to write in.
import { api, at, bindings, boot, drip, outlet, piece, showDialog, watch } from "./fragments.js";

// A first message has no list before it is sent; the one that comes then is marked as the others are.
const mark = (selector) => (boot.hooks ? `${boot.hooks.attribute}="${boot.hooks.marks[selector]}"` : "");
const LIST = `<div class="msg-s-message-list-container" ${mark(".msg-s-message-list-container")}>
<ul class="msg-s-message-list-content list-style-none full-width" ${mark(".msg-s-message-list-content")}></ul></div>`;
let container;
const saving = new WeakMap();

export async function openOverlay() {
  const data = await piece("/voyager/api/messaging/overlay");
  if (!data.html) return;
  container = document.createElement("aside");
  container.className = "msg-overlay-container";
  container.id = "msg-overlay";
  container.innerHTML = data.html;
  outlet().append(container);
  scroll(container);
  watch(container);
}

export async function openBubble(href) {
  const query = href.split("?")[1] || "";
  if (boot.opens === "frame") { openFrame(query); return; }
  const data = await piece(`/voyager/api/messaging/bubble?${query}`);
  if (data.dialog) { showDialog(data.dialog); return; }
  if (!data.html) return;
  if (!container) await openOverlay();
  for (const other of container.querySelectorAll(at(".msg-overlay-conversation-bubble"))) {
    other.classList.remove("msg-overlay-conversation-bubble--is-active");
    if (data.person && bindings.get(other.id)?.person === data.person) other.remove();
  }
  const box = document.createElement("template");
  box.innerHTML = data.html;
  const bubble = box.content.querySelector(at(".msg-overlay-conversation-bubble"));
  bubble.classList.replace("msg-overlay-conversation-bubble--default-inactive", "msg-overlay-conversation-bubble--is-active");
  container.append(box.content);
  scroll(bubble);
  drip(bubble);
  watch(bubble);
  bubble.querySelector(at("[role=textbox]"))?.focus();
}

function openFrame(query) {
  const frame = document.createElement("iframe");
  frame.dataset.testid = "interop-iframe";
  frame.className = "interop-frame";
  frame.src = `/preload/messaging/?${query}`;
  outlet().append(frame);
}

export function closeBubble(bubble, person) {
  bubble.remove();
  if (person) api("/voyager/api/messaging/close", { person });
}

function scroll(place) {
  for (const list of place.querySelectorAll(at(".msg-s-message-list-container"))) list.scrollTop = list.scrollHeight;
}

// The text as it will be sent: one line a paragraph.
export function textOf(editor) {
  const lines = [];
  let loose = null;
  const inline = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeName === "BR") return "\n";
    return [...node.childNodes].map(inline).join("");
  };
  for (const node of editor.childNodes) {
    if (node.nodeName === "P" || node.nodeName === "DIV") { if (loose !== null) lines.push(loose); loose = null; lines.push(inline(node).replace(/\n$/, "")); }
    else loose = (loose ?? "") + inline(node);
  }
  if (loose !== null) lines.push(loose.replace(/\n$/, ""));
  return lines.join("\n").trim();
}

function setText(editor, text) {
  editor.innerHTML = "";
  for (const line of (text || "").split("\n")) {
    const p = document.createElement("p");
    if (line) p.textContent = line; else p.append(document.createElement("br"));
    editor.append(p);
  }
}

function enable(form) {
  const button = form.querySelector(at(".msg-form__send-button"));
  if (!button) return;
  const off = !textOf(form.querySelector(at("[role=textbox]"))) || !bindings.get(form.id).recipient;
  if (button.nodeName === "BUTTON") button.disabled = off; else button.setAttribute("aria-disabled", String(off));
}

export function onInput(origin) {
  const editor = origin.closest?.(at(".msg-form__contenteditable"));
  if (editor) {
    const form = editor.closest(at("form"));
    enable(form);
    clearTimeout(saving.get(form));
    const recipient = bindings.get(form.id).recipient;
    if (recipient) saving.set(form, setTimeout(() => api("/voyager/api/messaging/drafts", { recipient, text: textOf(editor) }), 300));
  }
  if (origin.matches?.(".msg-connections-typeahead__search-field")) suggest(origin);
}

export function onKey(event, origin) {
  const editor = origin.closest?.(at(".msg-form__contenteditable"));
  if (!editor || event.key !== "Enter" || event.shiftKey || boot.enter === "no") return;
  event.preventDefault();
  send(editor.closest(at("form")));
}

async function suggest(field) {
  const list = field.parentElement.querySelector(".msg-connections-typeahead__search-results");
  const data = await piece(`/voyager/api/messaging/typeahead?q=${encodeURIComponent(field.value)}`);
  list.innerHTML = data.html || "";
  list.hidden = !data.html;
  field.setAttribute("aria-expanded", String(!list.hidden));
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export async function send(form) {
  const editor = form.querySelector(at("[role=textbox]"));
  const text = textOf(editor);
  const { recipient } = bindings.get(form.id);
  if (!text || !recipient || form.dataset.busy) return;
  form.dataset.busy = "1";
  clearTimeout(saving.get(form));
  const subject = form.querySelector(at(".msg-form__subject"))?.value;
  const place = form.closest(`${at(".msg-overlay-conversation-bubble")}, ${at(".msg-convo-wrapper")}`);
  setText(editor, "");
  enable(form);
  let data;
  try {
    data = await piece("/voyager/api/voyagerMessagingDashMessengerMessages?action=createMessage", { recipient, text, subject });
  } catch { data = { ok: false }; }
  delete form.dataset.busy;
  if (data.dialog) showDialog(data.dialog, data.place === "shadow" ? "shadow" : boot.outlet);
  if (!data.ok) {
    setText(editor, text);
    enable(form);
    if (!data.dialog && data.toast) showDialog(data.toast);
    return;
  }
  if (data.keeps) { setText(editor, text); enable(form); }
  await wait(data.delay || 0);
  append(place, data.html);
  if (data.prompt) form.insertAdjacentHTML("beforebegin", data.prompt);
  if (data.url && location.pathname.startsWith("/messaging/compose")) history.replaceState(null, "", data.url);
  if (data.reply) { await wait(2000); append(place, data.reply); }
}

function append(place, html) {
  if (!html) return;
  if (!place.querySelector(at(".msg-s-message-list-content")))
    place.querySelector(at(".msg-form")).insertAdjacentHTML("beforebegin", LIST);
  place.querySelector(at(".msg-s-message-list-content")).insertAdjacentHTML("beforeend", html);
  scroll(place);
}

export async function sayHello(bound, el) {
  const place = el.parentElement.parentElement;
  const data = await piece("/voyager/api/voyagerMessagingDashMessengerMessages?action=createMessage", { recipient: bound.recipient, text: "👋" });
  if (data.ok) { append(place, data.html); el.parentElement.remove(); }
}
