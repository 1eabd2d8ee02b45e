"""Who may try to log in, and how long to wait after failures. The tables are in docs/rules/passwords.md.

An attempt is counted as a failure before the password is looked at, and forgiven when it was right: a hundred
attempts sent at once are then a hundred, and not one.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from identity.throttle.model import Allowance, Bucket, Device

ACCOUNT = Allowance(free_failures=5, first_wait_s=15, wait_max_s=15 * 60, forgotten_every_s=3600)
"""What is allowed with one login, and with one login on one device that is known."""
NETWORK = Allowance(free_failures=200, first_wait_s=2, wait_max_s=2, forgotten_every_s=2)
"""What is allowed from one address, with any logins: a town behind it has room, who guesses has not."""

NETWORK_BITS = 64
"""How much of an IPv6 address counts: the rest of it is every household's own to choose."""
DEVICES_MAX = 10
DEVICE_KEPT = timedelta(days=395)
"""Thirteen months: who comes back for the next school year is still known."""
DEVICE_RENEWED_EVERY = timedelta(days=1)


def wait_s(failures: int, allowance: Allowance) -> int:
    """Return the wait in seconds after the n-th failure: none while they are free, then doubling."""
    beyond = failures - allowance.free_failures
    if beyond <= 0:
        return 0
    return int(min(allowance.first_wait_s * 2 ** min(beyond - 1, 16), allowance.wait_max_s))


def waits_s(allowance: Allowance) -> list[int]:
    """Return the waits after failure 0, 1, 2 …; the last one goes for all that follow."""
    waits = [0]
    while waits[-1] < allowance.wait_max_s:
        waits.append(wait_s(len(waits), allowance))
    return waits


def forgotten(passed: timedelta, allowance: Allowance) -> int:
    """Return how many failures are forgotten after so much time."""
    return int(passed / timedelta(seconds=allowance.forgotten_every_s))


def forgotten_after(allowance: Allowance) -> timedelta:
    """Return after how much time every failure is forgotten; more than make the longest wait don't count."""
    return timedelta(seconds=allowance.forgotten_every_s) * (len(waits_s(allowance)) - 1)


def buckets(login: str, known_device: str | None, address: str) -> list[Bucket]:
    """Return where an attempt counts, the account's own bucket last.

    A device from which this account logged in before has a bucket of its own and no other: neither a stranger
    who tries the login over and over, nor one who tries others at the same address, locks out its owner.
    """
    if known_device is not None:
        return [Bucket(_digest("device", login, known_device), ACCOUNT)]
    own = Bucket(_digest("account", login), ACCOUNT)
    return [Bucket(_digest("network", network_of(address)), NETWORK), own] if address else [own]


def network_of(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the first half of an IPv6 one, its network."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, NETWORK_BITS), strict=False))


def device_sha256(account_id: str, token: str) -> str:
    """Return what is kept of a device's token: a hash for each account, so that none leads to another."""
    return _digest("device", account_id, token)


def known_device(devices: Iterable[Device], sha256: str, now: datetime) -> Device | None:
    """Return the device of this hash if it is one of `devices` and was used lately enough."""
    return next((each for each in devices if each.sha256 == sha256 and is_kept(each, now)), None)


def is_kept(device: Device, now: datetime) -> bool:
    """Return whether somebody logged in from the device within thirteen months."""
    return now < device.logged_in_at + DEVICE_KEPT


def is_renewal_due(device: Device | None, now: datetime) -> bool:
    """Return whether a log-in from the device should be written down: once a day is enough."""
    return device is None or now - device.logged_in_at >= DEVICE_RENEWED_EVERY


def _digest(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()
