"""The contract of Files, held to by memory and by S3: in this process and in the emulator."""

from datetime import timedelta
from itertools import count
from typing import Final

import boto3
import pytest
import urllib3

from infra.local.emulator import REGION
from shared.jobs.ports import SMALLEST_PART, Files, NoFileError, NoUploadError, Part, Upload
from shared.store.files import BucketFiles
from shared.store.session import client
from tests.fakes.jobs import MemoryFiles
from tests.fakes.memory import Memory

MINUTE: Final = timedelta(minutes=1)
CSV: Final = "text/csv"
_numbers: Final = count()
over_http: Final = pytest.mark.parametrize("kind", ["emulator"], indirect=True)
"""Moto listens nowhere."""


def bucket() -> BucketFiles:
    """The files of a new bucket."""
    name = f"files-{next(_numbers)}"
    boto3.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return BucketFiles(client("s3"), name)


@pytest.fixture
def files(kind: str) -> Files:
    """No files."""
    return MemoryFiles(Memory()) if kind == "memory" else bucket()


def test_a_file_is_read_as_it_was_written(files: Files) -> None:
    assert files.size("export/a/file") is None
    files.put("export/a/file", b"x" * 9, CSV)
    files.put("export/a/file", "maçã;pão".encode(), CSV)
    assert files.size("export/a/file") == 11
    assert files.read("export/a/file").decode() == "maçã;pão"
    files.put("export/a/none", b"", CSV)
    assert files.size("export/a/none") == 0


def test_a_file_is_read_piece_by_piece(files: Files) -> None:
    files.put("import/a/file", b"0123456789", CSV)
    assert [files.read("import/a/file", first, 4) for first in (0, 4, 8, 10, 99)] == [b"0123", b"4567", b"89", b"", b""]
    assert files.read("import/a/file", 7) == b"789"
    with pytest.raises(NoFileError):
        files.read("import/b/file", 0, 4)


def test_parts_become_one_file_once_it_is_complete(files: Files) -> None:
    upload = files.begin("export/a/file", CSV)
    parts = [files.put_part("export/a/file", upload, number, body) for number, body in ((2, b"end"), (1, b"a" * SMALLEST_PART))]
    assert files.size("export/a/file") is None
    files.complete("export/a/file", upload, sorted(parts))
    assert files.size("export/a/file") == SMALLEST_PART + 3
    assert files.read("export/a/file", SMALLEST_PART - 1, 9) == b"aend"


def test_a_part_that_is_written_again_counts_once(files: Files) -> None:
    upload = files.begin("export/a/file", CSV)
    files.put_part("export/a/file", upload, 1, b"first")
    again = files.put_part("export/a/file", upload, 1, b"second")
    files.complete("export/a/file", upload, [again])
    assert files.read("export/a/file") == b"second"


def test_completing_may_be_asked_for_again(files: Files) -> None:
    upload = files.begin("export/a/file", CSV)
    part = files.put_part("export/a/file", upload, 1, b"all")
    for _ in range(2):
        files.complete("export/a/file", upload, [part])
    assert files.read("export/a/file") == b"all"


@pytest.mark.parametrize("kind", ["memory", "emulator"], indirect=True)  # moto breaks where S3 says that there is no such upload
def test_a_discarded_upload_takes_no_part_and_becomes_no_file(files: Files) -> None:
    upload = files.begin("export/a/file", CSV)
    part = files.put_part("export/a/file", upload, 1, b"all")
    files.discard("export/a/")
    with pytest.raises(NoUploadError):
        files.put_part("export/a/file", upload, 2, b"more")
    with pytest.raises(NoUploadError):
        files.complete("export/a/file", upload, [part])
    assert files.size("export/a/file") is None


def test_all_files_of_a_prefix_are_discarded_and_no_others(files: Files) -> None:
    for key in ("export/a/file", "export/a/more/file", "export/ab/file", "import/a/file"):
        files.put(key, b"x", CSV)
    kept = files.begin("export/ab/more", CSV)
    for _ in range(2):
        files.discard("export/a/")
    there = [files.size(key) for key in ("export/a/file", "export/a/more/file", "export/ab/file", "import/a/file")]
    assert there == [None, None, 1, 1]
    assert files.put_part("export/ab/more", kept, 1, b"x") == Part(1, files.put_part("export/ab/more", kept, 1, b"x").tag)


def test_more_files_than_one_call_deletes_are_discarded(files: Files) -> None:
    for number in range(30):
        files.put(f"export/a/{number}", b"x", CSV)
    files.discard("export/a/")
    assert [files.size(f"export/a/{number}") for number in range(30)] == [None] * 30


@pytest.fixture
def served(kind: str, monkeypatch: pytest.MonkeyPatch) -> BucketFiles:
    """A bucket that is reached over HTTP."""
    assert kind == "emulator"
    monkeypatch.setattr(urllib3.util.retry.Retry, "DEFAULT", urllib3.Retry(0))
    return bucket()


@over_http
def test_a_link_downloads_its_file_alone_under_its_name(served: BucketFiles) -> None:
    served.put("export/a/file", "maçã".encode(), CSV)
    served.put("export/b/file", b"other", CSV)
    link = served.link("export/a/file", "demo.csv", MINUTE)
    found = urllib3.request("GET", link)
    assert (found.status, found.data.decode(), found.headers["content-type"]) == (200, "maçã", CSV)
    assert found.headers["content-disposition"] == 'attachment; filename="demo.csv"'
    for forged in (link.replace("export/a", "export/b"), link.replace("demo.csv", "demo.html"), link.partition("?")[0], link[:-1]):
        assert urllib3.request("GET", forged).status in {400, 403}
    assert urllib3.request("DELETE", link).status == 403


@over_http
def test_a_link_ends(served: BucketFiles) -> None:
    served.put("export/a/file", b"x", CSV)
    assert urllib3.request("GET", served.link("export/a/file", "demo.csv", timedelta(seconds=-1))).status in {400, 403}


@over_http
def test_a_form_takes_one_file_of_the_size_it_says(served: BucketFiles) -> None:
    form = served.upload("import/a/file", 10, MINUTE)
    assert sent(form, b"x" * 11) == 400
    assert sent(form, b"") == 400
    assert served.size("import/a/file") is None
    assert sent(form, b"score\n10") in {200, 201, 204}
    assert served.read("import/a/file") == b"score\n10"
    assert sent(Upload(form.url, {**form.fields, "key": "import/b/file"}), b"x") == 403


def sent(form: Upload, body: bytes) -> int:
    fields: dict[str, str | bytes | tuple[str, str | bytes, str]] = {**form.fields, "file": ("answers.csv", body, CSV)}
    return urllib3.request("POST", form.url, fields=fields).status
