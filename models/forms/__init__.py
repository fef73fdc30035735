"""The forms as data: one YAML file each."""
