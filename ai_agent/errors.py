"""The worker's errors.

AgentError
├── SettingError              a setting or key is not usable; printed in one line, exit code 2
├── ServerLost                the connection to the server is lost, or the server refused a request
└── ProviderError             an engine failed; subclasses have a stable `code`:
    ├── AuthRefused           engine_auth          the key is refused; not asked again by this process
    ├── RateLimited           engine_rate_limited  too many requests; `retry_after_s` if the vendor gave it
    ├── EngineUnavailable     engine_unavailable   the service is down, overloaded or not reachable
    ├── EngineTimeout         engine_timeout       no answer in time
    ├── InvalidResponse       engine_garbage       the answer violates the engine's protocol
    ├── RequestRefused        engine_refused       the engine refused this request; another may succeed
    └── NoCapableEngine       engine_missing       no engine can do what was requested
"""

from __future__ import annotations

from server.common import settings


class AgentError(Exception):
    """Base of all errors of the worker."""


class SettingError(AgentError, settings.SettingError):
    """A setting or a key is not usable; the text names it and says what to do."""


class ServerLost(AgentError):
    """The connection to the server is lost, or the server refused a request."""


class ProviderError(AgentError):
    """`engine`: name on the engine's card. Texts hold no keys and no words of learners."""

    code = "engine_failed"

    def __init__(self, engine: str, detail: str = "", *, retry_after_s: float | None = None) -> None:
        super().__init__(f"{engine}: {detail}" if detail else engine)
        self.engine = engine
        self.detail = detail
        self.retry_after_s = retry_after_s


class AuthRefused(ProviderError):
    code = "engine_auth"


class RateLimited(ProviderError):
    code = "engine_rate_limited"


class EngineUnavailable(ProviderError):
    code = "engine_unavailable"


class EngineTimeout(ProviderError):
    code = "engine_timeout"


class InvalidResponse(ProviderError):
    code = "engine_garbage"


class RequestRefused(ProviderError):
    code = "engine_refused"


class NoCapableEngine(ProviderError):
    code = "engine_missing"


def missing_package(error: ImportError) -> str:
    """One line: which package is not installed, or why it does not load, and how to install it."""
    package = (error.name or "").partition(".")[0]
    # Only files of these two wheels are read; what they require is large and not needed.
    tutor = "pip install 'parlor[tutor,local]' && pip install --no-deps silero-vad moonshine-voice==0.1.0"
    how = "pip install 'parlor[torch]'" if package == "torch" else tutor
    is_absent = isinstance(error, ModuleNotFoundError)
    reason = f"package {package} is not installed" if is_absent else " ".join(str(error).split())
    return f"{reason}. Install it with: {how}"
