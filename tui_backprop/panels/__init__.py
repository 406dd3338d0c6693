"""From a Session to lines of (text, role), with no toolkit in sight."""
