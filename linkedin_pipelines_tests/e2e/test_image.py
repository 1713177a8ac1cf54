"""The image of deploy/Dockerfile, really built and run.

Docker is not needed: buildah builds as root without a daemon, and mmdebstrap makes a base with Debian's own Python
under the base's name, where no registry of images can be reached. Read-only roots, dropped capabilities and limits need
a container engine and are held by `unit/test_deploy.py`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkedin_pipelines_tests.checkout import PROJECT_ROOT

BUILD_SECONDS = 2000
BASE_PACKAGES = "python3,python3-venv,python3-pip,python-is-python3,ca-certificates"
LENT = os.environ.get("IMAGE_BUILD_LENDS", "/etc/ssl/certs:/etc/pip.conf").split(":")
"""Paths of this machine that pip and apt need while the image is built: certificates, settings. None of it stays."""
SOURCES = Path("/etc/apt/sources.list.d/debian.sources")
CANARY = "canary-that-must-not-be-in-the-image"

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(3000),
    pytest.mark.skipif(
        shutil.which("buildah") is None or shutil.which("mmdebstrap") is None or os.geteuid() != 0,
        reason="needs root, and Debian's packages buildah and mmdebstrap",
    ),
]


class Image:
    """The image, and commands in a container of it."""

    name = "linkedin-pipelines"

    def __init__(self, folder: Path) -> None:
        self._storage = ["--root", str(folder / "storage"), "--runroot", str(folder / "run")]
        self._folder = folder

    def buildah(self, *words: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["buildah", *self._storage, *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            timeout=BUILD_SECONDS,
        )
        assert not check or done.returncode == 0, (done.stdout + done.stderr)[-4000:]
        return done

    def build(self, context: Path) -> None:
        dockerfile = context / "deploy" / "Dockerfile"
        [base] = re.findall(r"^ARG BASE=(\S+)$", dockerfile.read_text(), re.MULTILINE)
        root = self._folder / "base.tar"
        subprocess.run(
            ["mmdebstrap", "--quiet", "--variant=apt", f"--include={BASE_PACKAGES}", "bookworm", root, SOURCES],
            check=True,
        )
        scratch = self.buildah("from", "scratch").stdout.strip()
        self.buildah("add", "--quiet", scratch, root, "/")
        self.buildah("commit", "--quiet", "--rm", scratch, f"docker.io/library/{base}")
        root.unlink()
        lent = [f"--volume={path}:{path}:ro" for path in LENT if Path(path).exists()]
        options = ["--isolation=chroot", "--pull-never", *lent, f"--tag={self.name}", f"--file={dockerfile}"]
        self.buildah("build", *options, context)

    def run(self, container: str, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return self.buildah("run", "--isolation=chroot", container, *command, check=check)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    folder = tmp_path_factory.mktemp("image")
    context = folder / "context"
    # As a checkout in use: with secrets beside the examples.
    ignored = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", ".hypothesis")
    shutil.copytree(PROJECT_ROOT, context, ignore=ignored)
    for name in ("stack", "postgres", "caddy", "grafana"):
        (context / "deploy" / f"{name}.env").write_text(f"PASSWORD={CANARY}\n")
    (context / "dagster_home" / "secret.key").write_text(CANARY)
    built = Image(folder)
    built.build(context)
    yield built
    built.buildah("rm", "--all")
    built.buildah("rmi", "--all", "--force")


def test_doctor_passes_and_the_demo_ends_well_in_the_image(image: Image, capsys: pytest.CaptureFixture[str]) -> None:
    container = image.buildah("from", f"localhost/{image.name}").stdout.strip()
    image.run(container, "linkedin-pipelines", "init")
    image.run(container, "cp", "/srv/linkedin/accounts.example.yaml", "/srv/linkedin/accounts.yaml")
    doctor = image.run(container, "linkedin-pipelines", "doctor", "--json", check=False)
    findings = json.loads(doctor.stdout)
    assert [each for each in findings if not each["well"]] == []
    demo = image.run(container, "linkedin-pipelines", "demo", "--home", "/srv/linkedin/demo", check=False)
    assert demo.returncode == 0, (demo.stdout + demo.stderr)[-4000:]
    with capsys.disabled():
        print()  # noqa: T201 - what happened, for whoever runs the test
        for each in findings:
            print(f"{each['check']}: {each['found']}")  # noqa: T201
        print(demo.stdout[-2500:])  # noqa: T201


def test_the_image_runs_unprivileged_and_holds_no_secret(image: Image) -> None:
    told = json.loads(image.buildah("inspect", "--type=image", f"localhost/{image.name}").stdout)
    assert told["OCIv1"]["config"]["User"] == "10001"
    assert CANARY not in json.dumps(told)
    said = [*told["OCIv1"]["config"]["Env"], *(each.get("created_by", "") for each in told["OCIv1"]["history"])]
    assert [each for each in said if re.search(r"(PASSWORD|SECRET|TOKEN|_URL)=", each)] == []
    container = image.buildah("from", f"localhost/{image.name}").stdout.strip()
    root = image.buildah("mount", container).stdout.strip()
    looked_at = [f"{root}/opt/linkedin-pipelines", f"{root}/srv"]
    found = subprocess.run(["grep", "-rlF", CANARY, *looked_at], capture_output=True, text=True, check=False)
    assert found.stdout == ""
    assert [path for path in LENT if path != "/etc/ssl/certs" and holds_something(Path(root + path))] == []


def holds_something(path: Path) -> bool:
    """Whether more is left of what was lent than the empty place where it was mounted."""
    return any(path.iterdir()) if path.is_dir() else path.exists() and path.stat().st_size > 0
