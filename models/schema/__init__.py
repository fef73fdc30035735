"""The published JSON Schema of the report document."""
