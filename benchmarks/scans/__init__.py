"""Scans for the accuracy benchmark: born-digital reports drawn by the generator, rendered and damaged as offices do."""
