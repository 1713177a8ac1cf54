"""Names, trades and sayings of the invented people of the demo world, the awkward ones included."""

from __future__ import annotations

PLAIN: tuple[tuple[str, str], ...] = (
    ("Jane", "Whitfield"), ("Frédéric", "Lemoine"), ("Priya", "Raghunathan"), ("João", "Almeida"),
    ("Noémie", "Delacroix"), ("Łukasz", "Wiśniewski"), ("Mary-Ann", "O'Connor"), ("Björn", "Eriksen"),
    ("Elif", "Yılmaz"), ("Tomáš", "Dvořák"), ("Fatou", "Diallo"), ("Vera", "Ivanova"),
    ("Lucía", "de la Cruz"), ("Wei", "Zhang"), ("Ana", "Sánchez"), ("Hans", "van der Berg"),
    ("Mei", "Tanaka"), ("Oluwaseun", "Adeyemi"), ("Ingrid", "Bergström"), ("Paolo", "Rossi"),
    ("Aïcha", "Benali"), ("Dmitri", "Sokolov"), ("Carmen", "Vasquez"), ("Kofi", "Mensah"),
    ("Chloé", "Martin"), ("Piotr", "Nowak"), ("Siobhán", "Murphy"), ("Rajesh", "Iyer"),
    ("Greta", "Lindqvist"), ("Mateo", "García"), ("Yasmin", "Haddad"), ("Olivier", "Petit"),
)  # fmt: skip

STRANGERS: tuple[tuple[str, str], ...] = (
    ("Jane", "Holloway"), ("Thierry", "Aujourd'hui"), ("Camille", "Login"), ("Sofia", "Marchetti"),
    ("Maria", "Silva"), ("Tariq", "Mansour"), ("Anneliese", "Krämer"), ("Desmond", "Okafor"),
    ("Lena", "Holm"), ("Ravi", "Menon"), ("Isabelle", "Garnier"), ("Stéphane", "Roux"),
)  # fmt: skip

TRADES: tuple[tuple[str, str], ...] = (
    ("Engineer", "Northwind Turbines"), ("Account Manager", "Foo & Bar"), ("Data Analyst", "Contoso"),
    ("Architecte logiciel", "Atelier du Pont"), ("Founder", 'The "Best" Company'), ("Nurse", "St. Elsewhere"),
    ("Teacher", "Riverside School"), ("CFO", "Globex"), ("Product Manager", "Initech"),
)  # fmt: skip

HEADLINES: tuple[str, ...] = (
    "{title} at {company}",
    "{title} at {company} | I ship every 30 days",
    "Helping people today, not tomorrow · {company}",
    '{title} | Author of "Hier" | Birthday cake enthusiast',
    "{title} 🚀 {company}",
)  # fmt: skip

POSTS: tuple[str, ...] = (
    "Today I learned that small teams ship more. Happy to talk about it!",
    "Thank you all for the birthday wishes yesterday, I read every one of them.",
    "We are hiring. You have reached the weekly limit of my enthusiasm: apply before next week.",
    "30 days ago we started with an empty sheet of paper. Here is what came out of it.",
)
