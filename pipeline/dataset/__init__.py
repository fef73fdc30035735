"""Report documents as a tidy panel: one Parquet and one CSV file a table, described as a Frictionless data package."""
