"""Pictures of a person's own: what is in a folder or zip before a network learns from it, and drawing some."""
