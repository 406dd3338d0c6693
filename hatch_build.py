"""What a package index is told beyond pyproject.toml: the README with links that work there, and the project's links.

Both need to know where the project lives: BACKPROP_TUI_HOME_PAGE in the environment of the build, which `make dist
HOME_PAGE=https://…` sets. Without it the README's links stay as they are, relative to the source.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


def with_absolute_links(text: str, home: str) -> str:
    """Markdown whose links to files of the project lead to its home; pictures to the files themselves."""
    return re.sub(
        r"(!?)(\[[^]]*\])\((?!https?://|#)([^)]+)\)",
        lambda at: f"{at[1]}{at[2]}({home}/{'raw' if at[1] else 'blob'}/HEAD/{at[3]})",
        text,
    )


class CustomMetadataHook(MetadataHookInterface):
    """The fields that pyproject.toml calls dynamic, but for the version."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add them."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        home = os.environ.get("BACKPROP_TUI_HOME_PAGE", "").rstrip("/")
        if home:
            text = with_absolute_links(text, home)
            metadata["urls"] = {
                "Homepage": home,
                "Documentation": f"{home}/blob/HEAD/docs/index.md",
                "Changelog": f"{home}/blob/HEAD/CHANGELOG.md",
                "Issues": f"{home}/issues",
            }
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
