"""What the product holds, page by page, for programs that read it."""
