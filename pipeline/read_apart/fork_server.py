"""Imported by the process that all readers are forked from, and nowhere else, before it loads them.

It ends with the process that started it: by itself it would only notice after it has loaded the readers, which takes
seconds. And its libraries for matrices start no threads: what little they do is not worth one, and each reader would
have as many as there are processors.
"""

from __future__ import annotations

import os

from pipeline.read_apart.die_with_parent import end_with_forking_process

end_with_forking_process()
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
