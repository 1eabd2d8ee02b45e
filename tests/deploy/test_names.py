"""What documents and docstrings name between back-ticks is there: files, folders, modules, messages."""

import subprocess
import sys
import textwrap

import pytest

from deploy.local.layout import ROOT
from tests.deploy import naming

every_document = pytest.mark.parametrize(
    "path", naming.documents(), ids=lambda path: str(path.relative_to(ROOT))
)


def paths_that_lead_nowhere(path):
    return [each for each in naming.said(path) if naming.is_path(each) and not naming.is_there(each, path)]


def modules_that_are_none(path):
    return [each for each in naming.said(path) if naming.is_module(each) and not naming.means_something(each)]


@every_document
def test_every_path_that_a_document_names_is_there(path):
    assert paths_that_lead_nowhere(path) == []


@every_document
def test_every_module_and_every_message_that_a_document_names_is_there(path):
    assert modules_that_are_none(path) == []


def test_every_path_that_a_docstring_names_is_there():
    wrong = {str(path.relative_to(ROOT)): paths_that_lead_nowhere(path) for path in naming.programs()}
    assert {path: found for path, found in wrong.items() if found} == {}


def test_every_module_and_every_message_that_a_docstring_names_is_there():
    wrong = {str(path.relative_to(ROOT)): modules_that_are_none(path) for path in naming.programs()}
    assert {path: found for path, found in wrong.items() if found} == {}


@pytest.mark.parametrize(
    ("token", "said_in", "there"),
    [
        ("deploy/local/check.py", "README.md", True),
        ("deploy/local/gone.py", "README.md", False),
        ("docs/adr/", "README.md", True),
        ("booking/offer/model.py", "docs/architecture.md", True),
        ("offer/model.py", "services/booking/README.md", True),
        ("offer/model.py", "docs/architecture.md", False),
        ("booking/offer/{model,gone}.py", "docs/architecture.md", False),
        ("services/<name>/contract/v1", "README.md", True),
        ("centres.csv", "services/booking/README.md", True),
        ("unread.csv", "services/booking/README.md", False),
        ("var/demo/log/<program>.log", "README.md", True),
    ],
)
def test_a_path_is_looked_for_from_the_root_a_package_or_the_document(token, said_in, there):
    assert naming.is_path(token)
    assert naming.is_there(token, ROOT / said_in) is there


@pytest.mark.parametrize(
    "token", ["/healthz", "POST /api/v1/payments", "Host: a..b", ".csv", "application/json"]
)
def test_what_is_no_path_is_not_looked_for(token):
    assert not naming.is_path(token)


@pytest.mark.parametrize(
    ("token", "means"),
    [
        ("chassis.storage.outbox.row", True),
        ("chassis.storage.nothing", False),
        ("booking.confirm", True),
        ("booking.settle", False),
        ("notify.booking.seat_promoted", True),
        ("booking.relay.before_mark", True),
    ],
)
def test_a_dotted_name_is_a_module_a_message_or_a_failpoint(token, means):
    assert naming.is_module(token)
    assert naming.means_something(token) is means


def test_no_two_decisions_have_one_number():
    numbers = [path.name.partition("-")[0] for path in (ROOT / "docs" / "adr").iterdir()]
    assert sorted(numbers) == sorted(set(numbers))


def test_to_look_for_a_program_does_not_run_it():
    program = """
        import sys, threading
        from tests.deploy import naming
        assert naming.means_something("chassis.process.runner")
        assert not naming.means_something("chassis.process.gone")
        assert "chassis.process.runner" not in sys.modules
        assert "eventlet" not in threading.Thread.start.__code__.co_filename
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], cwd=ROOT, check=True)
