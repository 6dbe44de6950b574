"""One page per family, the same five places on each."""
