"""The screen: the only rooms that know Textual."""

import os

# Textual reads these when it is imported. They help those who work on it; a wrong one would look like a bug in here.
for _name in ("DRIVER", "LOG", "DEBUG", "PRESS", "SCREENSHOT", "SHOW_RETURN"):
    os.environ.pop(f"TEXTUAL_{_name}", None)
if os.environ.get("TEXTUAL_COLOR_SYSTEM") not in ("standard", "256", "truecolor"):
    os.environ.pop("TEXTUAL_COLOR_SYSTEM", None)
