"""Plans of any kind of action, and the member's yes to them."""
