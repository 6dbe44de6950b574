"""The tab of the models that take noise away, a mode a page."""
