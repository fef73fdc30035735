"""What a report is: forms, pages, grids, printed tables, the report document. Imports nothing of ``pipeline``."""
