"""The edit rules as data: one YAML file a form."""
