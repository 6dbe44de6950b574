"""Settings of every family with which a network is made and trained in a moment."""

from genstudio.settings import (
    AESettings,
    ConditionalGANSettings,
    ConsistencySettings,
    DiffusionSettings,
    FlowSettings,
    GANSettings,
    LatentDiffusionSettings,
    MLPAESettings,
    MLPGANSettings,
    MLPVAESettings,
    PCASettings,
    VAESettings,
)

TINY = {
    "vae": VAESettings(latent_dim=3, width=4, batch_size=8),
    "vae with a block": VAESettings(latent_dim=3, width=4, blocks=1, batch_size=8),
    "vae with a spread": VAESettings(
        latent_dim=3, width=4, likelihood="gaussian", warmup=4, free_bits=0.1, pixels="binary", batch_size=8
    ),
    "mlp-vae": MLPVAESettings(latent_dim=3, hidden=8, layers=2, batch_size=8),
    "ae": AESettings(latent_dim=3, width=4, batch_size=8),
    "mlp-ae": MLPAESettings(latent_dim=3, hidden=16, batch_size=8),
    "pca": PCASettings(latent_dim=3),
    "gan": GANSettings(latent_dim=5, width=8, batch_size=8),
    "gan of 2 levels": GANSettings(latent_dim=5, width=8, batch_size=8, levels=2),
    "cgan": ConditionalGANSettings(latent_dim=5, width=8, batch_size=8),
    "mlp-gan": MLPGANSettings(latent_dim=5, hidden=16, batch_size=8),
    "ddpm": DiffusionSettings(width=8, batch_size=8, timesteps=50),
    "ddpm of v": DiffusionSettings(width=8, batch_size=8, timesteps=50, objective="v", min_snr=5.0, schedule="sigmoid"),
    "flow": FlowSettings(width=8, batch_size=8),
    "latent-ddpm": LatentDiffusionSettings(
        latent_dim=3, vae_width=4, blocks=0, width=16, depth=2, timesteps=50, batch_size=8
    ),
    "consistency": ConsistencySettings(width=8, batch_size=8, timesteps=50, grid=5),
}
