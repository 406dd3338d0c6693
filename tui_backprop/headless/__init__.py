"""The commands that write data to stdout and open no screen."""
