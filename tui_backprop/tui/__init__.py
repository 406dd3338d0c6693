"""The screen: the only room that knows Textual. Read in this order:

`safe_app`         what the toolkit must be told so that nothing foreign reaches the terminal
`terminal_driver`  what the terminal says, and what of it cannot be understood
`page_driver`      the same of a web page, and which files may be opened from one
`terminal_endings` how the screen ends, whatever ends it
`terminal_rows`    how a row is put together
`painting`         how nothing is painted twice
`dragging`         text taken off the screen with the mouse
`panel_view`       how lines get onto the screen
`themes`           the colours of our own
`key_names`        what keys are called
`key_map`          other keys for moves, from the settings file
`line_bars`        the one-line bars
`stepper`          what is on the screen, and where
`left_once`        a screen that is left once
`prompt`           a line that asks for something
`answer_line`      what typing does while the learner tries
`chooser`          which lesson
`help`             the keys and the words
`palette`          the commands of the palette
`open_file`        the file of the lesson, and whether it has changed
`long_work`        how long work goes on without the screen standing still
`screen_actions`   what a key does that is more than a move: open a screen, ask, copy, leave
`app`              what happens when a key is pressed
`running`          the app run in a terminal, or in a page
`snap`             what the screen shows after some keys
"""

import os

# Textual reads these when it is imported. They help those who work on it; a wrong one would look like a bug in here.
for _name in ("DRIVER", "LOG", "DEBUG", "PRESS", "SCREENSHOT", "SHOW_RETURN"):
    os.environ.pop(f"TEXTUAL_{_name}", None)
if os.environ.get("TEXTUAL_COLOR_SYSTEM") not in ("standard", "256", "truecolor"):
    os.environ.pop("TEXTUAL_COLOR_SYSTEM", None)
