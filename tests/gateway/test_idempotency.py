"""What makes two requests the same one."""

from gateway.idempotency import sha256_of


def test_json_in_another_order_is_the_same_request_and_another_path_is_not():
    asked = sha256_of("/api/v1/payments", {"settlement_id": "s-1", "email": None})
    assert sha256_of("/api/v1/payments", {"email": None, "settlement_id": "s-1"}) == asked
    assert sha256_of("/api/v1/refunds", {"settlement_id": "s-1", "email": None}) != asked
