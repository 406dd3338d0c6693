"""Backpropagation in a terminal, one number at a time. What a program imports is in `tui_backprop.api`."""

__version__ = "0.2.0"
