"""Vigie finds, removes and keeps down terrorist content, answers for every decision and proves it.

This package never scores people: it matches content against known material and lets people decide.
"""

import sys
from types import ModuleType

# Two libraries would load their own command lines, and all that a terminal needs, into every process: 400 modules and
# 11 MB. Whoever finds these in their place goes without.
for _name in ("cel.cli", "httpx._main"):
    sys.modules.setdefault(_name, ModuleType(_name))

__version__ = "0.1.0"
