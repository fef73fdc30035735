"""Imported by the process that all readers are forked from, and nowhere else: it ends with the process that started it.

By itself it would only notice after it has loaded the readers, which takes seconds.
"""

from __future__ import annotations

from pipeline.read_apart.die_with_parent import end_with_forking_process

end_with_forking_process()
