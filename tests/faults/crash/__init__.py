"""The crash suite: processes killed by SIGKILL at named points and at random, while corrections
are sent and decided; what was acknowledged is then held against what plain git and the journal
say. `python -m tests.faults.crash` runs all of it."""
