"""From the member's own files to contacts."""
