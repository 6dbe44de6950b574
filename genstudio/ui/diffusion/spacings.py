"""How the steps of a reverse process may lie on the noise levels, as pickers show it."""

SPACINGS = {
    "uniform": ("Uniform", "Evenly spaced in t"),
    "trailing": ("Trailing", "Evenly spaced, and the last step as long as the others (Lin et al. 2023)"),
    "karras": ("Karras", "Closer together the less noise there is (Karras et al. 2022)"),
}
