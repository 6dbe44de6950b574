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
from genstudio.settings.unet2d import UNet2DSettings

__all__ = [
    "ADVERSARIAL",
    "AT_ONCE",
    "BUILDS_ON",
    "CONDITIONAL",
    "DENOISING",
    "GENERATIVE",
    "LATENT",
    "PLANAR",
    "PLAYED",
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
    "LearningDenoising",
    "MLPAESettings",
    "MLPGANSettings",
    "MLPVAESettings",
    "PCASettings",
    "PointDiffusionSettings",
    "PointGANSettings",
    "Setting",
    "Settings",
    "UNet2DSettings",
    "VAESettings",
    "check_fields",
    "check_settings",
    "choices_of",
    "setting_of",
    "settings_from",
]

LatentSettings = VAESettings | MLPVAESettings | AESettings | MLPAESettings | PCASettings
AdversarialSettings = GANSettings | ConditionalGANSettings | MLPGANSettings | PointGANSettings
LearningDenoising = DiffusionSettings | FlowSettings | LatentDiffusionSettings | ConsistencySettings
DenoisingSettings = LearningDenoising | UNet2DSettings
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
    "unet2d": UNet2DSettings,
    "point-ddpm": PointDiffusionSettings,
    "classifier": ClassifierSettings,
}
LATENT = ("vae", "mlp-vae", "ae", "mlp-ae", "pca")  # the families whose pictures have a code that can be found
ADVERSARIAL = ("gan", "cgan", "mlp-gan")  # the families whose generator plays against a discriminator
PLANAR = ("point-gan", "point-ddpm")  # the families that learn points instead of pictures
DENOISING = ("ddpm", "flow", "latent-ddpm", "consistency", "unet2d")  # the families that take noise away step by step
AT_ONCE = ("pca",)  # the families that have nothing left to learn after one iteration
BUILDS_ON = {"consistency": ("teacher", "ddpm"), "latent-ddpm": ("autoencoder", "vae")}  # a setting, and the family
PLAYED = ("unet2d",)  # the families whose models come from elsewhere; they are played, and not trained here
CONDITIONAL = ("cgan", *DENOISING)  # the families that can be asked for a class
GENERATIVE = (*LATENT, *ADVERSARIAL, *DENOISING)  # the families that make pictures
