"""Checks of one read report: edit rules, single values, the form, the metadata. Starts from ``check_report``."""
