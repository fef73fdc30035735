"""From printed sections to fields of the form: sequence alignment of labels."""
