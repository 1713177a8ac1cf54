"""Text as pages write it, made comparable."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u00b4", "'"))
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")

APOSTROPHE = "['\u2018\u2019\u02bc\u00b4]"
"""A pattern for any apostrophe; the site writes curly ones."""


def folded(text: str) -> str:
    """`text` without regard to case, apostrophes, kinds of blanks and invisible characters."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).translate(_APOSTROPHES)
    return " ".join(plain.split()).casefold()


_TITLES = frozenset(["dr", "prof", "mr", "mrs", "ms", "mx", "ing", "dipl", "herr", "frau"])
"""What stands before a name in one place and is left out in another."""


def name_parts(name: str) -> tuple[str, ...]:
    """A person's name without titles before it, credentials after a comma, emoji and punctuation, to compare by."""
    words = re.findall(r"[^\W_]+(?:['\-][^\W_]+)*", folded(name).split(",", 1)[0])
    while len(words) > 1 and words[0] in _TITLES:
        words.pop(0)
    return tuple(words)


def same_name(one: str, other: str) -> bool:
    """Whether two pages may write one person's name so; a title, a credential or an emoji makes no difference."""
    return bool(name_parts(one)) and name_parts(one) == name_parts(other)


READ_TEXT = """
(root, raw, images = raw) => {
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
        if (child.tagName === 'IMG' && images) { out += child.alt; continue; }
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
With `raw`, blanks count even where the page's style would fold them. With `images`, which `raw` implies, a picture
is its alternative text: the site draws emoji so. A portrait beside a name is no text; elsewhere they are left out."""


def as_meant(held: str, meant: str) -> str:
    """What was read raw from an editor, next to what it is meant to hold.

    Chromium writes some blanks of an editable element as no-break spaces; where `meant` has a plain blank at that very
    place, it is one. Nothing else is forgiven.
    """
    if len(held) != len(meant):
        return held
    return "".join(" " if is_ == "\u00a0" and ought == " " else is_ for is_, ought in zip(held, meant, strict=True))
