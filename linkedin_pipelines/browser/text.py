"""Text as pages write it, made comparable."""

from __future__ import annotations

import re
import unicodedata

from playwright.sync_api import Locator

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u00b4", "'"))
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")

APOSTROPHE = "['\u2018\u2019\u02bc\u00b4]"
"""A pattern for any apostrophe; the site writes curly ones."""


def folded(text: str) -> str:
    """`text` without regard to case, apostrophes, kinds of blanks and invisible characters."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).translate(_APOSTROPHES)
    return " ".join(plain.split()).casefold()


READ_TEXT = """
(root, raw) => {
  const hidden = e => {
    const style = getComputedStyle(e);
    if (style.display === 'none' || style.visibility === 'hidden') return true;
    const box = e.getBoundingClientRect();
    return style.position === 'absolute' && box.width <= 1 && box.height <= 1;
  };
  const block = e => !getComputedStyle(e).display.startsWith('inline');
  let out = '';
  const fresh = () => { if (out !== '' && !out.endsWith('\\n')) out += '\\n'; };
  const walk = node => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        const style = getComputedStyle(child.parentElement);
        const keeps = raw
          ? !/^\\s*\\n\\s*$/.test(child.data)
          : /pre|break-spaces/.test(style.whiteSpace) || /preserve/.test(style.whiteSpaceCollapse || '');
        let text = keeps ? child.data : child.data.replace(/[ \\t\\r\\n]+/g, ' ');
        if (!keeps && (out === '' || /[ \\n]$/.test(out))) text = text.replace(/^ /, '');
        out += text;
      } else if (child.nodeType === Node.ELEMENT_NODE) {
        if (child.tagName === 'BR') {
          const last = child === node.lastChild;
          if (!(last && block(node))) out += '\\n';
          continue;
        }
        if (child.tagName.toLowerCase() === 'svg' || hidden(child)) continue;
        if (block(child)) { lines(child); } else { walk(child); }
      }
    }
  };
  const lines = element => {
    fresh();
    const start = out.length;
    walk(element);
    if (!out.endsWith('\\n') || out.length === start) out += '\\n';
  };
  walk(root);
  return out.replace(/\\n$/, '');
}
"""
"""Reads the lines that an eye sees: a paragraph is a line, twins for screen readers are left out. Changes nothing.
With `raw`, blanks count even where the page's style would fold them."""


def seen_text(element: Locator) -> str:
    """The text of `element` as shown, a line a paragraph, without what is rendered again for screen readers."""
    return str(element.evaluate(READ_TEXT))


def editor_text(editor: Locator, meant: str) -> str:
    """What an editor holds, next to what it is meant to hold.

    Chromium writes some blanks of an editable element as no-break spaces; where `meant` has a plain blank at that very
    place, it is one. Nothing else is forgiven.
    """
    held = str(editor.evaluate(READ_TEXT, True))
    if len(held) != len(meant):
        return held
    return "".join(" " if is_ == "\u00a0" and ought == " " else is_ for is_, ought in zip(held, meant, strict=True))
