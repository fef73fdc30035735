"""Measurements of speed, throughput, memory and accuracy: ``python -m benchmarks.run``. No part of the product."""
