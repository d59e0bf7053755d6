"""Several processes that serve at one address, and how one takes the place of another."""

from __future__ import annotations

from uvicorn.supervisors import Multiprocess

#: A worker that takes another's place has so long to begin, in seconds: on a busy machine importing takes
#: more than the five that uvicorn gives it, and none would ever be replaced.
BEGINNING = 60


class Workers(Multiprocess):
    """Processes each of which is replaced as soon as its successor has begun, however long that takes."""

    def restart_all(self) -> None:
        """Replace each; only while that is done is a worker waited for longer than usual."""
        usual = self.config.timeout_worker_healthcheck
        self.config.timeout_worker_healthcheck = BEGINNING
        try:
            super().restart_all()
        finally:
            self.config.timeout_worker_healthcheck = usual
