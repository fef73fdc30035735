"""Reading on many machines with Ray Data: sources, tasks that read, the checkpoint, the data set (docs/adr/0011)."""
