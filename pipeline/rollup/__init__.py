"""Sums over subordinate units against the report of the agency above them."""
