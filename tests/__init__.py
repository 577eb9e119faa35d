"""Tests of Rehber: real parts, a fake only at the edge of the outside world."""
