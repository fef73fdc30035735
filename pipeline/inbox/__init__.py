"""The inbox: a folder in which files are dropped, read once, and moved to where their result lies."""
