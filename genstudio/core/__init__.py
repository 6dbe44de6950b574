"""The science: networks, schedules, samplers, datasets, metrics. Never Qt, never printing."""
