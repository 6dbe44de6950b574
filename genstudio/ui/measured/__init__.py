"""The mode Measured of the tab Side by side: the lecture's table of stars, in measured numbers."""
