"""Requests that may be sent again: with the same `Idempotency-Key` a thing is made once, and answered twice."""
