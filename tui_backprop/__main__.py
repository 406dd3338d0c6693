"""What `python -m tui_backprop` runs."""

import sys

from tui_backprop.cli import main

if __name__ == "__main__":
    sys.exit(main())
