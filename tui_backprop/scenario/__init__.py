"""From the bytes of a scenario file to a checked, frozen Scenario."""
