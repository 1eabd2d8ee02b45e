"""How a service is entered: calls (`rpc`), facts (`events`), timers; what nameko injects (`providers`)."""
