import pytest

from gateway.pages import labels

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
        (f"Mozilla/5.0 (iPhone; like Mac OS X) {WEBKIT} Version/17.5 Safari/604.1", "Safari, iPhone"),
        (f"Mozilla/5.0 (Linux; Android 14) {WEBKIT} Chrome/126.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("x" * 200, "x" * 60),
    ],
)
def test_a_device_is_called_as_people_call_it(said, device):
    assert labels.device(said) == device


@pytest.mark.parametrize("said", ["", None])
def test_a_device_that_says_nothing_is_an_unknown_one(portal, said):
    with portal.test_request_context():
        assert labels.device(said) == "Appareil inconnu"
