"""What the learner can do: from a session to the next one."""
