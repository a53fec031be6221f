"""Compile requirements/*.txt, with hashes, from pyproject.toml (`make requirements`)."""

import subprocess
import sys

from infra.environments import PYTHON_MINOR, REQUIREMENTS, ROOT, UV, find_python

# The Lambda runtime brings boto3 and what it needs: 31 MB that the functions need not carry.
FROM_THE_LAMBDA_RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3")


def compile_requirements(name: str, *, project: bool = False, leave_out: tuple[str, ...] = ()) -> None:
    """Write requirements/NAME.txt from the project's dependencies, the dependency group NAME, or both."""
    sources = ["pyproject.toml"] if project else []
    group = [] if name == "runtime" else ["--group", f"pyproject.toml:{name}"]
    # What the functions carry is what their tests run.
    constraint = ["--constraints", "requirements/runtime.txt"] if name == "dev" else []
    left_out = [f"--no-emit-package={package}" for package in leave_out]
    subprocess.run(
        [
            *(str(UV), "pip", "compile", *sources, *group, *constraint, *left_out),
            *("--generate-hashes", "--universal", "--upgrade", "--quiet", "--no-annotate"),
            *("--python-version", PYTHON_MINOR, "--python", find_python()),
            *("--custom-compile-command", "make requirements"),
            *("--output-file", str(REQUIREMENTS / f"{name}.txt")),
        ],
        cwd=ROOT,
        check=True,
    )


def main() -> int:
    """Compile every file; runtime first, as dev is constrained by it."""
    compile_requirements("runtime", project=True, leave_out=FROM_THE_LAMBDA_RUNTIME)
    compile_requirements("dev", project=True)
    for name in ("ministack", "sam", "uv"):
        compile_requirements(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
