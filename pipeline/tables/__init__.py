"""From rulings, words and lines to grids, and from grids to printed sections."""
