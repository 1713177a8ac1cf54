"""A page as text: what assistive technology is told of it, and its markup without what nobody reads."""

from __future__ import annotations

from playwright.sync_api import Page

LONGEST = 400_000
"""Characters kept of either; a page that holds more is cut, and says so at the end."""

_CUT = "\n[cut here: the page holds more]\n"

_TRIM = """
longest => {
  const gone = new Set(['script', 'style', 'link', 'meta', 'noscript', 'iframe', 'video', 'audio', 'canvas', 'path']);
  const bare = new Set(['br', 'img', 'input', 'hr', 'use', 'wbr']);
  const escaped = text => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const secret = e => e.localName === 'input' && ['hidden', 'password'].includes(e.type);
  let out = '';
  const walk = (node, depth) => {
    if (out.length > longest) return;
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.data.replace(/\\s+/g, ' ').trim();
      if (text) out += '  '.repeat(depth) + escaped(text) + '\\n';
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || gone.has(node.localName)) return;
    const attributes = [...node.attributes]
      .filter(a => !(a.name === 'style' || a.name.startsWith('on') || (a.name === 'value' && secret(node))))
      .map(a => ` ${a.name}="${escaped(a.value.slice(0, 500)).replace(/"/g, '&quot;')}"`).join('');
    out += '  '.repeat(depth) + `<${node.localName}${attributes}>\\n`;
    if (bare.has(node.localName)) return;
    if (node.shadowRoot) {
      out += '  '.repeat(depth + 1) + '<template shadowrootmode="open">\\n';
      for (const child of node.shadowRoot.childNodes) walk(child, depth + 2);
      out += '  '.repeat(depth + 1) + '</template>\\n';
    }
    for (const child of node.childNodes) walk(child, depth + 1);
    out += '  '.repeat(depth) + `</${node.localName}>\\n`;
  };
  walk(document.documentElement, 0);
  return out;
}
"""
"""Writes the markup an element a line; scripts, styles, drawings and the content of secret fields are left out."""


def accessibility(page: Page) -> str:
    """Roles and names of everything on the page, as YAML."""
    return _cut(page.locator("body").aria_snapshot())


def markup(page: Page) -> str:
    """The page's elements with their attributes and texts, open shadow roots included."""
    return _cut(str(page.evaluate(_TRIM, LONGEST)))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + _CUT
