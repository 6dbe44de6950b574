"""The tab of the adversarial game: what its modes share, and its game on pictures."""
