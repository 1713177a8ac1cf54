"""A second world: a look-alike of the site, written by others from the same facts and apart from the sandbox.

It changes when a fact about the site changes, never to suit the product. `site` is the look-alike, `cases` its cases,
`play` sends through the product's services (`product`) and judges by the look-alike's own record (`oracle`).
"""
