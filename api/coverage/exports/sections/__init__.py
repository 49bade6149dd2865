"""The parts of the report, in the order in which a director reads them."""
