"""Programs that turn a drawn report into a file: one module for each way real offices make theirs."""
