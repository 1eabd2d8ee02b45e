"""Run the simulator on PAYMENT_PORT (8026) of SIMULATOR_HOST (the loopback address).

Browsers find it at PAYMENT_PUBLIC_URL.
"""

import os
import signal

from werkzeug.serving import run_simple

from deploy.simulators.payment.faults import Faults
from deploy.simulators.payment.page import create_app
from deploy.simulators.payment.till import Till

_HOST = os.environ.get("SIMULATOR_HOST", "127.0.0.1")


def main() -> None:
    """Serve until stopped."""
    # as the first process of a container it would not end on SIGTERM: the kernel has no default for that one
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    port = int(os.environ.get("PAYMENT_PORT", "8026"))
    public_url = os.environ.get("PAYMENT_PUBLIC_URL", f"http://{_HOST}:{port}")
    run_simple(_HOST, port, create_app(Till(), Faults(), public_url), threaded=True)


if __name__ == "__main__":
    main()
