"""What a process needs to run and be seen: settings, keys, log lines, metrics, failpoints."""
