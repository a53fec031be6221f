"""`make replay` without a deployment."""

from pathlib import Path

import pytest

from infra.replay import main


def test_without_a_deployment_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(tmp_path)]) == 2
    assert "make run" in capsys.readouterr().out
