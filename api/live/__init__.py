"""The day as it runs: where couriers are, how far they got, what is said to and by them, one stream of all of it."""
