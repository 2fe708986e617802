"""`make bench`: every benchmark, one after the other."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    for script in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        print(f"\n== {script.stem}")
        runpy.run_module(f"benchmarks.{script.stem}", run_name="__main__")
