"""What the member must know, and say yes to, before anything is sent."""

from __future__ import annotations

TERMS_NOTICE = """\
LinkedIn's User Agreement (section 8.2) forbids software that automates activity on its site.
If LinkedIn notices it, your account can be restricted for days or lost for good, with all its contacts and messages.
Sending slowly, within the limits that this program enforces, makes this less likely. It does not make it allowed.
A visit to a profile can be seen by the person visited. Every message goes out under your name, as if you had typed it.
You alone decide whether to take that risk. Nothing is sent for real from an account before you have accepted this."""
"""Shown once an account, before its first use; the acceptance is recorded with its moment."""
