"""The card of a model: what is known of it, and how good it is."""
