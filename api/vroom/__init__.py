"""VROOM's own request and answer, solved by this engine."""
