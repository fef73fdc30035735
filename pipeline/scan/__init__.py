"""From the pixels of a page to straight rulings and crops of cells."""
