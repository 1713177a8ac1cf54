"""Pages for those who are not signed in, or who pass by them."""

from __future__ import annotations

from starlette.responses import HTMLResponse

from linkedin_pipelines.sandbox.view import environment


def guest(kind: str, title: str, status: int = 200, **context: object) -> HTMLResponse:
    """One of them: `login`, `authwall`, `public`, `passing`, or the kind of a challenge."""
    context = {"wrong": False, "redirect": "", "action": "", "seconds": 0, **context}
    html = environment().get_template("login.html").render(kind=kind, title=title, **context)
    return HTMLResponse(html, status_code=status)
