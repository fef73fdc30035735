"""How a report is read; read ``pipeline/stages.py`` first."""
