"""What the gateway is told from outside, read once.

AMQP_URI (or AMQP_URI_FILE) and KEYS_DIR are the chassis' names; the rest begins with GATEWAY_.
"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from environs import Env

from chassis.running.settings import secret
from chassis.wire.share import Limits

CALLS = Limits(open_max=8, line_max=24, wait_max_s=1.5)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, with units in their names.

    `calls` is the share of each service: of the calls that one process has open, and of its threads.
    `answer_within_s` is for all calls of one request together, `rpc_timeout_s` for one of them.
    `hosts` are names by which we are called beside that of `public_url`, without ports.
    `developers` has pages served that only who changes the portal needs.
    `cookie_secret` signs what pages keep in a browser (the CSRF token), the same in every worker.
    """

    public_url: str
    organisation_slug: str
    payment_host: str
    rpc_timeout_s: float
    proxies_count: int
    cookie_secret: str = field(default="", repr=False)
    answer_within_s: float = 2.8
    calls: Limits = CALLS
    hosts: tuple[str, ...] = ()
    developers: bool = False

    @property
    def https(self) -> bool:
        """Return whether people reach us over TLS: cookies are then Secure and HSTS is sent."""
        return urlsplit(self.public_url).scheme == "https"


class ContradictionError(Exception):
    """Settings that can't both be meant; the message says which."""


def read() -> Settings:
    """Return what the environment says; a missing optional value has a default fit for one machine.

    Raises ContradictionError.
    """
    env = Env()
    with env.prefixed("GATEWAY_"):
        found = Settings(
            public_url=env.str("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
            organisation_slug=env.str("ORGANISATION", "carteville"),
            payment_host=env.str("PAYMENT_HOST", ""),
            rpc_timeout_s=env.float("RPC_TIMEOUT_S", 2.0),
            proxies_count=env.int("PROXIES", 0),
            cookie_secret=secret("GATEWAY_COOKIE_SECRET", ""),
            answer_within_s=env.float("ANSWER_WITHIN_S", 2.8),
            calls=Limits(
                env.int("CALLS_OPEN", CALLS.open_max),
                env.int("CALLS_WAITING", CALLS.line_max),
                env.float("CALLS_WAIT_S", CALLS.wait_max_s),
            ),
            developers=env.bool("DEVELOPERS", False),
            hosts=tuple(env.str("HOSTS", "").lower().replace(",", " ").split()),
        )
    if found.https and not found.proxies_count:
        raise ContradictionError(
            f"GATEWAY_PUBLIC_URL is {found.public_url}, and GATEWAY_PROXIES counts no proxy that could speak "
            "TLS for us: everybody would come from one address. Set GATEWAY_PROXIES=1 behind the front."
        )
    return found
