"""A service as a process: its container, how it is started and stopped, its health pages."""
