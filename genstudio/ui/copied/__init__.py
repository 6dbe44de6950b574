"""The mode Copied? of the tab Side by side: new pictures beside the training pictures that are nearest to them."""
