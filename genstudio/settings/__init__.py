"""Settings of the model families: one frozen dataclass gives the form, the flags and the file header."""

from genstudio.settings.adversarial import GANSettings
from genstudio.settings.base import Setting, check_settings, choices_of, setting_of, settings_from
from genstudio.settings.diffusion import DiffusionSettings
from genstudio.settings.judging import ClassifierSettings
from genstudio.settings.latent import VAESettings

__all__ = [
    "GENERATIVE",
    "SETTINGS",
    "ClassifierSettings",
    "DiffusionSettings",
    "GANSettings",
    "Setting",
    "Settings",
    "VAESettings",
    "check_settings",
    "choices_of",
    "setting_of",
    "settings_from",
]

Settings = VAESettings | GANSettings | DiffusionSettings | ClassifierSettings
SETTINGS: dict[str, type[Settings]] = {
    "vae": VAESettings,
    "gan": GANSettings,
    "ddpm": DiffusionSettings,
    "classifier": ClassifierSettings,
}
GENERATIVE = ("vae", "gan", "ddpm")  # the families that make pictures
