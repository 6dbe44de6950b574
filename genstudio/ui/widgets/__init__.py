"""Small widgets: data comes in by a method and goes out by a signal."""
