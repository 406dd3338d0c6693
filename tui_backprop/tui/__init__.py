"""The screen: the only rooms that know Textual."""
