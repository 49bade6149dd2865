"""What is printed, and what is counted: early, on the day, late; the postal share; the monthly sheets."""
