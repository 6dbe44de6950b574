"""The window watches a run that goes on elsewhere, by the folder that it writes."""
