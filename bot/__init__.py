"""Rehber decides here what to say. No web framework lives in this package; this file imports nothing."""
