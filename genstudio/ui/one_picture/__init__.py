"""The mode One picture of the tab Side by side: found again by a VAE, a GAN and a diffusion model."""
