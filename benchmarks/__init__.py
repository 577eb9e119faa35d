"""Measurements, run by hand (`make bench`). They print ratios, because machines differ; no test asserts on time."""
