"""`python -m benchmarks`: every benchmark there is; options go to it."""

from benchmarks.daily.time_solve import main

main()
