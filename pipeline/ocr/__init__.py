"""Reading characters off pixels: engines behind one protocol, and what their probabilities say."""
