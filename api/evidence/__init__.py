"""Evidence: photos and signatures, kept once by their content."""
