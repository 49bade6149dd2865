"""A courier's own round of the day, with everything that has to be on the phone before the signal goes."""
