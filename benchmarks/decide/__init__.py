"""For the benchmark of deciding: source errors planted in reports, what is found of them, calibration."""
