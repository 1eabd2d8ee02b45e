"""The whole suite on one machine, on real parts: broker, database, services, gateway, mail, payment.

`bootstrap` installs what is missing, `stack` starts everything under a supervisor, `demo` shows it to
people and `check` tests it. Nothing of the domain lives here.
"""
