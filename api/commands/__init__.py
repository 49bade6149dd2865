"""The commands of `duongthu`, one file each; heavy imports wait until a command runs."""
