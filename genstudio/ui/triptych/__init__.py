"""The tab Side by side: a VAE, a GAN and a diffusion model under one hand."""
