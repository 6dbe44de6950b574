"""The modes of the latent-space tab beside Explore."""
