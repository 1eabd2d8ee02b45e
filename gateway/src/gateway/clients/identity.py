"""identity: organisations, log-in, sessions."""

from chassis.values.context import Context
from gateway.clients.language import Ask, Reply, given


class Identity:
    """Who people are and where they belong."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def get_organisation(self, context: Context, slug: str) -> Reply:
        """Return {organisation: {id, slug, name, time_zone, language, announcements}}."""
        return self._ask("get_organisation", context, {"slug": slug})

    def log_in(
        self,
        context: Context,
        login: str,
        password: str,
        user_agent: str | None = None,
        address: str | None = None,
    ) -> Reply:
        """Return {token, session}; refused invalid_credentials, too_many_attempts, overloaded."""
        request = given(login=login, password=password, user_agent=user_agent, address=address)
        return self._ask("log_in", context, request)

    def resolve_session(self, context: Context, token_sha256: str) -> Reply:
        """Return {session}; refused session_expired. The token itself never crosses the bus."""
        return self._ask("resolve_session", context, {"token_sha256": token_sha256})

    def log_out(self, context: Context) -> Reply:
        """Close the session of the context; return {closed}."""
        return self._ask("log_out", context, {})

    def list_sessions(self, context: Context) -> Reply:
        """Return {data: [{id, created_at, last_seen_at, user_agent, current}]}."""
        return self._ask("list_sessions", context, {})

    def close_session(self, context: Context, session_id: str) -> Reply:
        """Close one of one's own sessions; return {closed}; refused not_found."""
        return self._ask("close_session", context, {"session_id": session_id})

    def switch_organisation(self, context: Context, organisation_id: str) -> Reply:
        """Return {session}, from now on in the other organisation; refused not_found."""
        return self._ask("switch_organisation", context, {"organisation_id": organisation_id})
