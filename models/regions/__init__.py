"""The administrative divisions of China at county level and above, 2010 to 2023: ``divisions.csv`` (see README.md)."""
