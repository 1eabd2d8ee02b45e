"""Who may try to log in, and how long to wait after failures. The table is in docs/rules/passwords.md.

An attempt is counted as a failure before the password is looked at, and forgiven when it was right: a hundred
attempts sent at once are then a hundred, and not one.
"""

from hashlib import sha256

from identity.throttle.model import Bucket

FREE_FAILURES = 5
FREE_FAILURES_OF_ADDRESS = 50
FIRST_WAIT_S = 15
WAIT_MAX_S = 15 * 60
KNOWN_DEVICES_MAX = 10


def wait_s(failures: int, free_failures: int) -> int:
    """Return the wait after the n-th failure: none while they are free, then doubling up to 15 minutes."""
    if failures <= free_failures:
        return 0
    return int(min(FIRST_WAIT_S * 2 ** min(failures - free_failures - 1, 16), WAIT_MAX_S))


def waits_s(free_failures: int) -> list[int]:
    """Return the waits after failure 0, 1, 2 …; the last one goes for all that follow."""
    waits = [0]
    while waits[-1] < WAIT_MAX_S:
        waits.append(wait_s(len(waits), free_failures))
    return waits


def device(login: str, user_agent: str, address: str) -> str:
    """Name the device at which somebody sits, as far as one can tell, without keeping what it is."""
    return _digest("device", login, user_agent, address)


def buckets(login: str, device_name: str, address: str, known_devices: tuple[str, ...]) -> list[Bucket]:
    """Say where an attempt counts.

    A device from which this account logged in before has a bucket of its own, so that a stranger who tries
    the login over and over does not lock out its owner. Every address has one too, with more free failures,
    since a school shares one.
    """
    known = device_name in known_devices
    own = _digest("known", login, device_name) if known else _digest("account", login)
    counted = [Bucket(own, FREE_FAILURES)]
    if address:
        counted.append(Bucket(_digest("address", address), FREE_FAILURES_OF_ADDRESS))
    return counted


def devices_with(known_devices: tuple[str, ...], device_name: str) -> tuple[str, ...]:
    """Remember a device as the latest; the oldest beyond ten are forgotten."""
    others = tuple(known for known in known_devices if known != device_name)
    return (*others, device_name)[-KNOWN_DEVICES_MAX:]


def _digest(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()
