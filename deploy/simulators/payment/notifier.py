"""Telling a shop that something happened: an unsigned form by POST, once, twice, late or never."""

import threading
import time

import requests

from deploy.simulators.payment.faults import Fault
from deploy.simulators.payment.till import Payment

TIMEOUT_S = 5


def notify(payment: Payment, fault: Fault) -> None:
    """Tell in the background, so that the person does not wait for it."""
    if not fault.drop_notification:
        threading.Thread(target=_tell, args=(payment, fault), daemon=True).start()


def _tell(payment: Payment, fault: Fault) -> None:
    time.sleep(fault.delay_s)
    for _ in range(2 if fault.double_notification else 1):
        try:
            requests.post(payment.intent.notify_url, data={"id": payment.id}, timeout=TIMEOUT_S)
        except requests.RequestException as error:
            print(f"notification of {payment.id} failed: {type(error).__name__}", flush=True)
