"""The worker's errors.

AgentError
├── SettingError          a setting or key that cannot be used; said in one line at start
├── ServerLost            the connection to the server went
└── ProviderError         an engine failed: `code` is stable, `retryable` says whether to try it again
    ├── AuthRefused       the key is missing or refused: never again in this process
    ├── RateLimited       `retry_after_s` where the vendor said it
    ├── EngineUnavailable the service is down, overloaded or cannot be reached
    ├── EngineTimeout     it took longer than it may
    ├── InvalidResponse     it answered what its protocol does not allow
    ├── RequestRefused    it will not do this: another request may succeed
    └── NoCapableEngine         of all the engines there are none does what is asked
"""

from __future__ import annotations

from server.common import settings


class AgentError(Exception):
    """Base of all errors of the worker."""


class SettingError(AgentError, settings.SettingError):
    """A setting or a key cannot be used; the text names it and says what to do."""


class ServerLost(AgentError):
    """The server is gone, or refused us."""


class ProviderError(AgentError):
    """`engine` is the provider's name, as in `Stt.name`. Texts hold no key and no word of a learner."""

    code = "engine_failed"
    retryable = False

    def __init__(self, engine: str, detail: str = "", *, retry_after_s: float | None = None) -> None:
        super().__init__(f"{engine}: {detail}" if detail else engine)
        self.engine = engine
        self.detail = detail
        self.retry_after_s = retry_after_s


class AuthRefused(ProviderError):
    code = "engine_auth"


class RateLimited(ProviderError):
    code = "engine_rate_limited"
    retryable = True


class EngineUnavailable(ProviderError):
    code = "engine_unavailable"
    retryable = True


class EngineTimeout(ProviderError):
    code = "engine_timeout"
    retryable = True


class InvalidResponse(ProviderError):
    code = "engine_garbage"
    retryable = True


class RequestRefused(ProviderError):
    code = "engine_refused"


class NoCapableEngine(ProviderError):
    code = "engine_missing"


def missing(error: ImportError) -> str:
    """What is not installed, or is broken, and how to get it, in one line."""
    package = (error.name or "").partition(".")[0]
    # its wheel wants torch, which only the other body of the VAD needs
    tutor = "pip install 'parlor[tutor,local]' && pip install --no-deps silero-vad"
    how = "pip install 'parlor[torch]'" if package == "torch" else tutor
    return f"{' '.join(str(error).split())}: {how}"
