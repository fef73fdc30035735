"""Outputs of read reports: JSON, JSON Schema, CSV, XLSX, terminal. Reads ``models`` only."""
