"""From printed text to value, kind and decision."""
