"""Rows of what the reference product's databases stated, and what was derived from them."""
