"""The only room with a browser in it: pages are read by structure and identity, and refused when in doubt."""
