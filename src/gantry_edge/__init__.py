"""Gantry Edge: a private AI assistant for a team on a LAN, in one program."""

__version__ = "0.1.0"
