"""Two pictures over one another, and a divider to draw between them."""
