"""Invented annual reports with known numbers: the measure of what the readers read."""
