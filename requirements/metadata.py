"""Gives the package its dependencies from `base.in`, so that they are listed once.

It pins nothing: `base.txt` does.
"""

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class RequirementsHook(MetadataHookInterface):
    """Reads `requirements/base.in` at build time."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Fill `dependencies`, one for each line that is no comment."""
        lines = (Path(self.root) / "requirements" / "base.in").read_text().splitlines()
        metadata["dependencies"] = [
            line.strip() for line in lines if line.strip() and not line.startswith("#")
        ]
