"""The project as a wheel, and environments that know it as nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from linkedin_pipelines_tests.checkout import PROJECT_ROOT
from linkedin_pipelines_tests.e2e.processes import PROGRAMS, environment

_BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"


def build_wheel(folder: Path) -> Path:
    """Build the wheel from a copy of what it is made of: setuptools writes into the folder that it builds from."""
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(PROJECT_ROOT / name, source / name)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PROJECT_ROOT / "linkedin_pipelines", source / "linkedin_pipelines", ignore=ignored)
    subprocess.run([sys.executable, "-c", _BUILD, str(folder)], cwd=source, check=True, capture_output=True, text=True)
    [wheel] = folder.glob("*.whl")
    return wheel


def install_wheel(wheel: Path, target: Path) -> Path:
    """Make an environment with the wheel and, borrowed from ours, the packages it needs; the folder of its programs.

    Only our packages are borrowed, not our link to the checkout: Python reads no .pth file of a folder that a .pth file
    names.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(target)], check=True, env=environment())
    [packages] = target.glob("lib/python*/site-packages")
    [ours] = [path for path in map(Path, sys.path) if path.name == "site-packages" and path.is_relative_to(sys.prefix)]
    (packages / "borrowed.pth").write_text(f"{ours}\n")
    install = [
        str(PROGRAMS / "uv"),
        "pip",
        "install",
        "--offline",
        "--quiet",
        "--no-deps",
        "--python",
        str(target / "bin" / "python"),
    ]
    subprocess.run([*install, str(wheel)], check=True, env=environment())
    return target / "bin"
