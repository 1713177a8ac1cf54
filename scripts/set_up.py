"""Put everything the project needs into .venv, on a bare machine; `make setup` calls it.

Needs Python 3.11 or newer with venv and pip, and nothing else: this file uses the standard library alone. Done once,
it is done: a stamp of all that decides the result makes the next call quick.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
UV = VENV / "bin" / "uv"
PIP = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install"]
PACKAGES_STAMP = VENV / "set-up.packages"
BROWSER_CHOICE = VENV / "browser-executable"
"""The browser's path in one line, or nothing: then it is Playwright's own."""
BROWSER_STAMP = VENV / "set-up.browser"
DEBIAN_PACKAGES = ("chromium", "chromium-headless-shell")
"""The one with a window, in which the member signs in, and the lighter one for everything else."""
TEST_PROGRAMS = {
    "promtool": "prometheus",
    "amtool": "prometheus-alertmanager",
    "Xvfb": "xvfb",
    "faketime": "faketime",
    "ip": "iproute2",
}
"""Programs that only tests call, and the Debian package that brings each; tests that miss one are skipped."""
PROGRAMS_STAMP = VENV / "set-up.programs"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OWN = "Playwright's own Chromium"
SOURCES = (ROOT / "linkedin_pipelines", ROOT / "linkedin_pipelines_tests")
TRY_BROWSER = ROOT / "scripts" / "try_browser.py"


class SetUpError(Exception):
    """Set-up cannot go on; the text says what to do."""


def main() -> int:
    """Install packages, choose a browser, look for the programs of tests; 0 if packages and browser are there."""
    try:
        python()
        packages()
        bytecode()
        browser()
        programs()
    except SetUpError as error:
        say(f"error: {error}", stream=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def python() -> None:
    """Refuse a Python that the packages do not run on."""
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        version = sys.version.split()[0]
        raise SetUpError(f"Python 3.11 to 3.13 is needed, this is {version}; try `make setup PYTHON=python3.11`")


def packages() -> None:
    """Make .venv what requirements.lock says, and link the project into it."""
    digest = hashlib.sha256(f"{ROOT}\n{sys.version}\n".encode())
    for path in (LOCK, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    stamp = digest.hexdigest()
    if read(PACKAGES_STAMP) == stamp and PYTHON.exists():
        return
    say("packages: installing requirements.lock into .venv (the first time, downloads decide how long it takes)")
    if not PYTHON.exists() or subprocess.run([PYTHON, "-c", ""], check=False).returncode:
        must(
            [sys.executable, "-m", "venv", "--clear", str(VENV)],
            "no virtual environment could be made (Debian: apt-get install python3-venv)",
        )
    link = ["--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    began = time.monotonic()
    if with_uv("--require-hashes", "-r", str(LOCK)) and with_uv(*link):
        installer = "uv"
    else:
        with_pip(LOCK)
        must([*PIP, "-qq", *link], "the project could not be linked into .venv")
        installer = "pip"
    PACKAGES_STAMP.write_text(stamp)
    say(f"packages: installed by {installer} in {time.monotonic() - began:.0f} s")


def bytecode() -> None:
    """Compile the project, as the packages are: else each of its processes does where bytecode may not be written."""
    must([str(PYTHON), "-m", "compileall", "-q", *map(str, SOURCES)], "the project's own modules do not compile")


def with_uv(*arguments: str) -> bool:
    """Have uv, which downloads side by side, install; False where it cannot be had or fails, and pip has to.

    It is bootstrapped by pip from the lock, hash and all, and shows its own progress.
    """
    if not UV.exists():
        lines = LOCK.read_text().split("\nuv==", 1)
        pinned = f"uv=={lines[1]}".split("\n    # via", 1)[0] if len(lines) > 1 else ""
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as only_uv:
            only_uv.write(pinned)
            only_uv.flush()
            command = [*PIP, "-qq", "--require-hashes", "-r", only_uv.name]
            if not pinned or subprocess.run(command, check=False, capture_output=True).returncode or not UV.exists():
                say("packages: uv cannot be had, pip installs instead")
                return False
    # Compiled once here: else each process of the product compiles Dagster anew where bytecode may not be written.
    command = [str(UV), "pip", "install", "--compile-bytecode", "--python", str(PYTHON), *arguments]
    if subprocess.run(command, check=False, env=as_pip_is_configured()).returncode:
        say("packages: uv failed, pip installs instead")
        return False
    return True


def as_pip_is_configured() -> dict[str, str]:
    """The environment in which uv finds packages where pip does: mirrors, proxies' certificates, folders of wheels.

    uv reads no configuration of pip. Every file is held to its hash, so that all indexes may be looked at alike.
    """
    asked = subprocess.run([*PIP[:-1], "config", "list"], check=False, capture_output=True, text=True)
    found: dict[str, list[str]] = {}
    for line in asked.stdout.splitlines():
        key, _, value = line.partition("=")
        found.setdefault(key.rsplit(".", 1)[-1], []).extend(value.strip("'\"").split())
    values = {
        "UV_DEFAULT_INDEX": " ".join(found.get("index-url", [])[-1:]),
        "UV_INDEX": " ".join(found.get("extra-index-url", [])),
        "UV_FIND_LINKS": ",".join(dict.fromkeys(found.get("find-links", []))),
        "UV_NO_INDEX": "1" if found.get("no-index", [""])[-1].lower() in ("1", "true", "yes", "on") else "",
        "SSL_CERT_FILE": " ".join(found.get("cert", [])[-1:]),
        "UV_HTTP_TIMEOUT": " ".join((found.get("timeout", []) + found.get("default-timeout", []))[-1:]),
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    return {key: value for key, value in values.items() if value} | os.environ


def with_pip(requirements: Path) -> None:
    """Install by pip alone, counting the packages as they come."""
    total = sum("==" in line and not line[0].isspace() for line in requirements.read_text().splitlines() if line)
    command = [*PIP, "--progress-bar", "off", "--require-hashes", "-r", str(requirements)]
    collected = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                collected += 1
                if collected % 10 == 0:
                    say(f"packages: {collected} of at most {total}")
    if pip.returncode:
        raise SetUpError("the packages of requirements.lock could not be installed; the lines above say why")


def browser() -> None:
    """Find or install a Chromium that starts, and note which."""
    wished = os.environ.get("LINKEDIN_BROWSER_EXECUTABLE", "")
    before = read(BROWSER_CHOICE)
    if before is not None and (not wished or wished == before) and read(BROWSER_STAMP) == state_of(before):
        say(f"browser: {before or OWN}")
        return
    if wished:
        if not starts(wished):
            raise SetUpError(f"LINKEDIN_BROWSER_EXECUTABLE={wished} does not start; correct it, or leave it unset")
        chosen, how = wished, "named by LINKEDIN_BROWSER_EXECUTABLE"
    else:
        chosen, how = choose()
    BROWSER_CHOICE.write_text(chosen)
    BROWSER_STAMP.write_text(state_of(chosen))
    shell = " with its headless shell" if chosen and Path(chosen).with_name(DEBIAN_PACKAGES[1]).exists() else ""
    say(f"browser: {chosen or OWN}{shell} ({how})")


def choose() -> tuple[str, str]:
    """The first browser that starts, and where it came from: there already, Playwright's own, Debian's."""
    BROWSER_CHOICE.unlink(missing_ok=True)  # a former choice is none while another is looked for
    for path in present():
        if starts(path):
            return path, "found on this machine"
    if install_playwrights_own() and starts(""):
        return "", "installed by Playwright"
    if install_from_debian(*DEBIAN_PACKAGES):
        for path in present():
            if starts(path):
                return path, "installed from Debian"
    raise SetUpError(
        "no Chromium that starts: install one (Debian: apt-get install chromium), "
        "or name one in LINKEDIN_BROWSER_EXECUTABLE, then run `make setup` again"
    )


def state_of(path: str) -> str:
    """What changes when the browser at `path` is replaced or removed: then it is tried again."""
    if not path:
        return f"playwright {read(PACKAGES_STAMP)}"
    try:
        stat = Path(path).stat()
    except OSError:
        return "gone"
    return f"{path} {stat.st_size} {stat.st_mtime_ns}"


def present() -> Iterator[str]:
    """Browsers that the search path knows, by their usual names."""
    for name in NAMES:
        if path := shutil.which(name):
            yield path


def starts(path: str) -> bool:
    """Whether the browser starts and shows a page."""
    with tempfile.TemporaryFile("w+") as output:
        tried = subprocess.run([PYTHON, TRY_BROWSER, path], check=False, stdout=output, stderr=subprocess.STDOUT)
        output.seek(0)
        lines = output.read().strip().splitlines()
    if tried.returncode:
        why = lines[-1].strip() if lines else "no word why"
        say(f"browser: {path or OWN} does not start ({why})")
    return tried.returncode == 0


def install_playwrights_own() -> bool:
    """Have Playwright fetch its Chromium; False where it cannot."""
    say("browser: none here, asking Playwright for its own")
    command = [PYTHON, "-m", "playwright", "install", "chromium"]
    fetched = subprocess.run(command, check=False, capture_output=True, text=True)
    if fetched.returncode:
        say("browser: Playwright could not fetch one")
    return fetched.returncode == 0


def programs() -> None:
    """Have the programs that tests call, where Debian can bring them; the product itself needs none of them."""
    missing = {name: package for name, package in TEST_PROGRAMS.items() if shutil.which(name) is None}
    if not missing or read(PROGRAMS_STAMP) == " ".join(missing):
        return
    if install_from_debian(*missing.values()):
        return
    PROGRAMS_STAMP.write_text(" ".join(missing))  # asked once; not again at every `make`
    say(f"tests: without {', '.join(missing)} some are skipped (Debian: apt-get install {' '.join(missing.values())})")


def install_from_debian(*names: str) -> bool:
    """Have apt-get install packages; False where it cannot (another system, or not root)."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    say(f"Debian: installing {' '.join(names)} (a few minutes)")
    calm = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = [apt, "install", "-qq", "-y", "--no-install-recommends", *names]
    for command in ([apt, "update", "-qq"], install):
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=calm)
        if done.returncode:
            say(
                f"Debian: `{' '.join(command)}` failed: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}"
            )
            return False
    return True


def must(command: list[str], otherwise: str) -> None:
    """Run `command`; its own output is shown only where it writes some."""
    if subprocess.run(command, check=False).returncode:
        raise SetUpError(f"{otherwise}; the lines above say why")


def read(path: Path) -> str | None:
    """The text of a small file, or None where it is not there."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return None


def say(line: str, stream: object = sys.stdout) -> None:
    """One line to whoever set up."""
    print(line, file=stream, flush=True)  # type: ignore[call-overload]


if __name__ == "__main__":
    sys.exit(main())
