"""The adversarial game: what the players minimise, what keeps them in bounds, and how they take turns."""
