"""Reads files in processes of their own, under limits of time, memory and CPU: a file costs itself at most."""
