"""Disjoint sets (union-find with path halving)."""

from __future__ import annotations


class DisjointSets:
    """The numbers 0..n-1, each in a set of its own until joined."""

    def __init__(self, n: int) -> None:
        self._parent = list(range(n))

    def find(self, i: int) -> int:
        """The representative of the set that holds ``i``."""
        parent = self._parent
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        """Nothing; ``i`` and ``j`` are then in one set."""
        self._parent[self.find(j)] = self.find(i)
