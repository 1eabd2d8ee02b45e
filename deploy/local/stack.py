"""The suite as one thing that starts and stops.

with Stack("journeys", fresh=True) as stack:
requests.get(stack.gateway_url)
stack.kill("booking", signal.SIGKILL)   # the supervisor brings it back
stack.wait_ready("booking")
"""

import os
import signal as signals
import time
from collections.abc import Mapping, Sequence
from typing import Any

from deploy.local import ports, programs, system_packages
from deploy.local.infrastructure import START_S, Infrastructure, MissingProgramsError
from deploy.local.layout import SERVICES
from deploy.local.ports import LOOPBACK
from deploy.local.programs import Surroundings
from deploy.local.readiness import answers_ok, wait_until
from deploy.local.supervision import Program, clean_environment


class Stack(Infrastructure):
    """Everything: broker, database, services, gateway with its front, mail catcher and payment simulator.

    `services` are those that run; the others may be started later by hand. The rest of the arguments are
    Infrastructure's.
    """

    port_names = programs.STACK_PORTS

    def __init__(self, name: str, *, services: Sequence[str] = SERVICES, **arguments: Any) -> None:
        super().__init__(name, **arguments)
        self.services = tuple(services)

    def start(self) -> None:
        """Start everything and return when all answer."""
        self.prepare()
        self.supervisor.start()
        self.make_database_ready()
        self.wait_for_broker()
        for name in (*self.services, "gateway"):
            self.supervisor.start_program(name)
        self.wait_ready()

    @property
    def gateway_url(self) -> str:
        """The address of pages and interface: the front's."""
        return self._around.url("front")

    @property
    def own_gateway_url(self) -> str:
        """The address at which the gateway itself listens, past the front."""
        return f"http://{LOOPBACK}:{self.ports['gateway']}"

    def metrics_url(self, program: str) -> str:
        """Return the address of the metrics page of a service or of the gateway."""
        port = "gateway_metrics" if program == "gateway" else f"{program}_health"
        return f"http://{LOOPBACK}:{self.ports[port]}/metrics"

    @property
    def mail_url(self) -> str:
        """The address of the mail catcher."""
        return self._around.url("mail")

    @property
    def payment_url(self) -> str:
        """The address of the payment simulator."""
        return self._around.url("payment")

    def env(self, service: str) -> dict[str, str]:
        """Return the environment of a service, to run its commands with."""
        return {**clean_environment(), **self.supervisor.programs[service].environment}

    def kill(self, program: str, signal: signals.Signals = signals.SIGKILL) -> int:
        """Send a signal to a program and return the process id that got it."""
        pid = self.supervisor.pid(program)
        os.kill(pid, signal)
        return pid

    def start_program(self, program: str) -> None:
        """Start a program that was stopped, without waiting for it."""
        self.supervisor.start_program(program)

    def stop_program(self, program: str) -> None:
        """Stop a program and keep it stopped."""
        self.supervisor.stop_program(program)

    def restart(self, program: str, env: Mapping[str, str] | None = None) -> None:
        """Start a program anew with `env` laid over its environment, and wait until it is ready.

        The next `restart` without `env` gives it its own environment again.
        """
        self.supervisor.stop_program(program)
        self.supervisor.write_script(program, env)
        self.supervisor.start_program(program)
        self.wait_ready(program)

    def wait_ready(self, *names: str, timeout_s: float = START_S) -> None:
        """Wait until these programs, or all, answer. Raises NotReadyError, naming one that does not."""
        wanted = names or (*self.services, "gateway", *programs.FACES)
        deadline = time.monotonic() + timeout_s
        for name in wanted:
            self._wait(name, max(deadline - time.monotonic(), 0.0))

    def _wait(self, program: str, timeout_s: float) -> None:
        what = f"{program} of {self.name} (see {self.supervisor.log_path(program)})"
        wait_until(lambda: self.is_ready(program), what, timeout_s)

    def is_ready(self, program: str) -> bool:
        """Say whether a program can be used now."""
        if program == "rabbitmq":
            return self.broker_answers()
        if program in SERVICES:
            return answers_ok(f"http://{LOOPBACK}:{self.ports[f'{program}_health']}/readyz")
        if program == "gateway":
            return answers_ok(f"{self.own_gateway_url}/healthz")
        if program in programs.FACES:
            return answers_ok(f"{self._around.url(program)}/healthz")
        return ports.answers(self.ports[program])

    def _programs(self) -> list[Program]:
        if system_packages.find_nginx() is None:
            raise MissingProgramsError("nginx is missing: run `make demo`, which installs it")
        self._around = Surroundings(
            ports=self.ports,
            credentials=self.credentials,
            directory=self.directory,
            amqp_uris=self.amqp_uris,
            mongodb_uris=self.mongodb_uris,
            databases=self.databases,
        )
        services = [programs.service_program(name, self._around) for name in SERVICES]
        return [*super()._programs(), *programs.face_programs(self._around), *services]
