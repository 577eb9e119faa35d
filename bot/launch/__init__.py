"""Starts Rehber on one machine: the embedded database, the model, and the processes under a kept process runner."""
