"""The game on points in the plane, a mode of the adversarial game."""
