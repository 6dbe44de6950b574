"""Settings of the model families: one frozen dataclass gives the form, the flags and the file header."""

from genstudio.settings.adversarial import (
    ConditionalGANSettings,
    GameSettings,
    GANSettings,
    MLPGANSettings,
    PointGANSettings,
)
from genstudio.settings.base import Setting, check_fields, check_settings, choices_of, setting_of, settings_from
from genstudio.settings.classifier import ClassifierSettings
from genstudio.settings.diffusion import ConsistencySettings, DiffusionSettings, FlowSettings, LatentDiffusionSettings
from genstudio.settings.latent import AESettings, MLPAESettings, MLPVAESettings, PCASettings, VAESettings
from genstudio.settings.point_diffusion import PointDiffusionSettings

__all__ = [
    "ADVERSARIAL",
    "CONDITIONAL",
    "DENOISING",
    "GENERATIVE",
    "LATENT",
    "PLANAR",
    "SETTINGS",
    "AESettings",
    "ClassifierSettings",
    "ConditionalGANSettings",
    "ConsistencySettings",
    "DenoisingSettings",
    "DiffusionSettings",
    "FlowSettings",
    "GANSettings",
    "GameSettings",
    "LatentDiffusionSettings",
    "MLPAESettings",
    "MLPGANSettings",
    "MLPVAESettings",
    "PCASettings",
    "PointDiffusionSettings",
    "PointGANSettings",
    "Setting",
    "Settings",
    "VAESettings",
    "check_fields",
    "check_settings",
    "choices_of",
    "setting_of",
    "settings_from",
]

LatentSettings = VAESettings | MLPVAESettings | AESettings | MLPAESettings | PCASettings
AdversarialSettings = GANSettings | ConditionalGANSettings | MLPGANSettings | PointGANSettings
DenoisingSettings = DiffusionSettings | FlowSettings | LatentDiffusionSettings | ConsistencySettings
Settings = LatentSettings | AdversarialSettings | DenoisingSettings | PointDiffusionSettings | ClassifierSettings
SETTINGS: dict[str, type[Settings]] = {
    "vae": VAESettings,
    "mlp-vae": MLPVAESettings,
    "ae": AESettings,
    "mlp-ae": MLPAESettings,
    "pca": PCASettings,
    "gan": GANSettings,
    "cgan": ConditionalGANSettings,
    "mlp-gan": MLPGANSettings,
    "point-gan": PointGANSettings,
    "ddpm": DiffusionSettings,
    "flow": FlowSettings,
    "latent-ddpm": LatentDiffusionSettings,
    "consistency": ConsistencySettings,
    "point-ddpm": PointDiffusionSettings,
    "classifier": ClassifierSettings,
}
LATENT = ("vae", "mlp-vae", "ae", "mlp-ae", "pca")  # the families whose pictures have a code that can be found
ADVERSARIAL = ("gan", "cgan", "mlp-gan")  # the families whose generator plays against a discriminator
PLANAR = ("point-gan", "point-ddpm")  # the families that learn points instead of pictures
DENOISING = ("ddpm", "flow", "latent-ddpm", "consistency")  # the families that take noise away step by step
CONDITIONAL = ("cgan", *DENOISING)  # the families that can be asked for a class
GENERATIVE = (*LATENT, *ADVERSARIAL, *DENOISING)  # the families that make pictures
