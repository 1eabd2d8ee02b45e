"""What exchanges and queues are called, for whoever publishes, listens or declares."""


def events_exchange(service: str) -> str:
    """Return the exchange to which a service publishes its events, by their name."""
    return f"{service}.events"


def bell_exchange(service: str) -> str:
    """Return the exchange by which a copy of a service wakes the relays of all its copies."""
    return f"{service}.bell"


def bell_queue(service: str, unique: str) -> str:
    """Return the queue by which one copy hears that bell: its own, and gone with its connection."""
    return f"{bell_exchange(service)}-{unique}"


def event_queue(consumer: str, producer: str, event: str) -> str:
    """Return the queue of one handler."""
    return f"{consumer}.{producer}.{event}"


def wait_exchange(service: str) -> str:
    """Return the exchange in which `<delay>.<queue>` makes a message wait that many seconds."""
    return f"{service}.wait"


def wait_queue(service: str, delay_s: int) -> str:
    """Return the queue in which messages wait for that many seconds."""
    return f"{wait_exchange(service)}.{delay_s}"


def back_exchange(service: str) -> str:
    """Return the exchange that brings `<anything>.<queue>` back to that queue, and to no other."""
    return f"{service}.back"


def dead_letters(service: str) -> str:
    """Return the exchange, and the queue of the same name, for what the service's handlers could not take."""
    return f"{service}.dead"
