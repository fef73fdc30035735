"""From pages to characters, rulings and running text; metadata and sections of the prose."""
