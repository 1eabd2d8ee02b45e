"""All pages on http://127.0.0.1:8765 with the invented town of the tests: to look at, not to rely on.

Any login; the password is the tests'. Run it with: python -m tests.gateway.portal.serve
"""

from werkzeug.serving import run_simple

from gateway import app, clients
from gateway.settings import Settings
from tests.gateway.portal.town import FakeServices, StoppedClock

PORT = 8765


def main():
    settings = Settings(
        public_url=f"http://127.0.0.1:{PORT}",
        organisation_slug="carteville",
        payment_host="http://pay.example",
        rpc_timeout_s=2.0,
        proxies_count=0,
        cookie_secret="a secret of this program",
    )
    served = app.build(settings, clients.connect(FakeServices(), settings.rpc_timeout_s))
    served.extensions["clock"] = StoppedClock()
    run_simple("127.0.0.1", PORT, served)


if __name__ == "__main__":
    main()
