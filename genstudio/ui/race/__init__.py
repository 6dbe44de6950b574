"""Two runs side by side, locked by iteration: a mode of the adversarial game."""
