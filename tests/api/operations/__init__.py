"""Tests of what lies beside the program on a server."""
