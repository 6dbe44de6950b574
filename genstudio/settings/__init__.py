"""Settings of the model families: one frozen dataclass gives the form, the flags and the file header."""

from genstudio.settings.adversarial import GANSettings
from genstudio.settings.base import Setting, check_settings, choices_of, setting_of, settings_from
from genstudio.settings.classifier import ClassifierSettings
from genstudio.settings.diffusion import DiffusionSettings
from genstudio.settings.latent import AESettings, MLPAESettings, MLPVAESettings, PCASettings, VAESettings

__all__ = [
    "GENERATIVE",
    "LATENT",
    "SETTINGS",
    "AESettings",
    "ClassifierSettings",
    "DiffusionSettings",
    "GANSettings",
    "MLPAESettings",
    "MLPVAESettings",
    "PCASettings",
    "Setting",
    "Settings",
    "VAESettings",
    "check_settings",
    "choices_of",
    "setting_of",
    "settings_from",
]

LatentSettings = VAESettings | MLPVAESettings | AESettings | MLPAESettings | PCASettings
Settings = LatentSettings | GANSettings | DiffusionSettings | ClassifierSettings
SETTINGS: dict[str, type[Settings]] = {
    "vae": VAESettings,
    "mlp-vae": MLPVAESettings,
    "ae": AESettings,
    "mlp-ae": MLPAESettings,
    "pca": PCASettings,
    "gan": GANSettings,
    "ddpm": DiffusionSettings,
    "classifier": ClassifierSettings,
}
LATENT = ("vae", "mlp-vae", "ae", "mlp-ae", "pca")  # the families whose pictures have a code that can be found
GENERATIVE = (*LATENT, "gan", "ddpm")  # the families that make pictures
