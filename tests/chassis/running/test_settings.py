import pytest

from chassis.running.settings import MissingSettingError, secret, service_config


def test_a_secret_is_read_from_the_file_that_is_named(monkeypatch, tmp_path):
    (tmp_path / "uri").write_text("amqp://from-file\n")
    monkeypatch.setenv("AMQP_URI", "amqp://from-environment")
    assert secret("AMQP_URI") == "amqp://from-environment"
    monkeypatch.setenv("AMQP_URI_FILE", str(tmp_path / "uri"))
    assert secret("AMQP_URI") == "amqp://from-file"


def test_a_missing_secret_says_how_to_give_it(monkeypatch):
    monkeypatch.delenv("NO_SUCH", raising=False)
    assert secret("NO_SUCH", None) is None
    assert secret("NO_SUCH", "else") == "else"
    with pytest.raises(MissingSettingError, match="NO_SUCH_FILE"):
        secret("NO_SUCH")


def test_a_services_database_has_its_name_unless_told(monkeypatch):
    for name, value in {"AMQP_URI": "a", "KEYS_DIR": "k", "MONGODB_URI": "m", "MAX_WORKERS": "7"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("MONGODB_DATABASE", raising=False)
    assert service_config("notify") == {
        "AMQP_URI": "a",
        "KEYS_DIR": "k",
        "MONGODB_URI": "m",
        "MONGODB_DATABASE": "notify",
        "max_workers": 7,
    }
