"""The look-alike as a process of its own, and the questions to its oracle."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from linkedin_pipelines.runtime.listening import port_of, reserve

Json = dict[str, Any]


def ask(base: str, path: str, body: Any = None) -> Any:
    """Call the oracle; a body makes it a POST."""
    data = json.dumps(body).encode() if body is not None else None
    call = urllib.request.Request(base + path, data, {"content-type": "application/json"})
    with urllib.request.urlopen(call, timeout=60) as answer:
        return json.load(answer)


class Site:
    """The look-alike on a port of its own; started anew when a case has left it busy."""

    def __init__(self, folder: Path) -> None:
        self._held = reserve("127.0.0.1", 0)
        self.port = port_of(self._held)
        self.base = f"http://127.0.0.1:{self.port}"
        self.state = folder / "state.json"
        self._serve = [sys.executable, "-m", "linkedin_pipelines_tests.lookalike.serve", "--port", str(self.port)]
        subprocess.run([*self._serve, "--write-state", str(self.state)], check=True)
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                ask(self.base, "/__oracle__/cases")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the site does not start")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()

    def close(self) -> None:
        """End it, and let its port go."""
        self.stop()
        self._held.close()
