"""A site that imitates LinkedIn for invented people, so that the product can be tried without a soul disturbed.

It imitates what is publicly known of the site's pages in 2025 and 2026: addresses, roles, attributes and class names of
three generations of markup, wordings in several languages, and the ways in which the site refuses. It knows nothing of
the program that visits it. Its own record of what was delivered to whom is the oracle of the tests.

`world` holds who exists, `site` what has happened since, `views` the pages, `server` runs it. See docs/sandbox.md.
"""
