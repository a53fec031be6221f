"""Files of jobs, in one bucket that encrypts them and forgets them after a day. Implements `jobs.ports.Files`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import batched
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from shared.jobs.ports import NoFileError, NoUploadError, Part, Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_AT_ONCE: Final = 1_000
_NO_UPLOAD: Final = "NoSuchUpload"
_NO_FILE: Final = frozenset({"NoSuchKey", "404"})
_PAST_THE_END: Final = frozenset({"InvalidRange", "416"})


class BucketFiles:
    """The files of one bucket. Its settings say how they are encrypted; nothing here does."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        """Take the client of `session.client("s3")` and the bucket's name."""
        self._s3 = s3
        self._bucket = bucket

    def put(self, key: str, body: bytes, media_type: str) -> None:
        """Write a whole file, over what is there."""
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=media_type)

    def size(self, key: str) -> int | None:
        """Its bytes; None where there is none."""
        try:
            return self._s3.head_object(Bucket=self._bucket, Key=key)["ContentLength"]
        except ClientError as error:
            if _code(error) in _NO_FILE:
                return None
            raise

    def read(self, key: str, first: int = 0, length: int | None = None) -> bytes:
        """Its bytes from `first`, at most so many (None: all); nothing past its end. Raises `NoFileError`."""
        last = "" if length is None else first + length - 1
        try:
            return self._s3.get_object(Bucket=self._bucket, Key=key, Range=f"bytes={first}-{last}")["Body"].read()
        except ClientError as error:
            if _code(error) in _PAST_THE_END:
                return b""
            if _code(error) in _NO_FILE:
                raise NoFileError from None
            raise

    def begin(self, key: str, media_type: str) -> str:
        """Begin a file that is put together of parts; returns the upload's id. Until it is complete there is no such file."""
        return self._s3.create_multipart_upload(Bucket=self._bucket, Key=key, ContentType=media_type)["UploadId"]

    def put_part(self, key: str, upload_id: str, number: int, body: bytes) -> Part:
        """Write a part, over what it was. Raises `NoUploadError`."""
        with _missing_is_told():
            put = self._s3.upload_part(Bucket=self._bucket, Key=key, UploadId=upload_id, PartNumber=number, Body=body)
        return Part(number, put["ETag"])

    def complete(self, key: str, upload_id: str, parts: Sequence[Part]) -> None:
        """Make one file of the parts; may be asked for again. Raises `NoUploadError` where neither upload nor file is there."""
        named = [{"PartNumber": part.number, "ETag": part.tag} for part in parts]
        try:
            with _missing_is_told():
                self._s3.complete_multipart_upload(
                    Bucket=self._bucket,
                    Key=key,
                    UploadId=upload_id,
                    MultipartUpload={"Parts": named},  # type: ignore[typeddict-item]  # the stubs want literals
                )
        except NoUploadError:
            if self.size(key) is None:
                raise

    def discard(self, prefix: str) -> None:
        """Delete every file that begins with it, and give up those that are being put together."""
        uploads = self._s3.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket, Prefix=prefix)
        for upload in [each for page in uploads for each in page.get("Uploads", ())]:
            try:
                with _missing_is_told():
                    self._s3.abort_multipart_upload(Bucket=self._bucket, Key=upload["Key"], UploadId=upload["UploadId"])
            except NoUploadError:
                continue  # somebody else was there before, which is just as well
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
        for some in batched(keys, _AT_ONCE, strict=False):
            failed = self._s3.delete_objects(Bucket=self._bucket, Delete={"Objects": [{"Key": key} for key in some], "Quiet": True})
            if failed.get("Errors"):
                raise NotDeletedError

    def link(self, key: str, name: str, lives: timedelta) -> str:
        """An address that anybody may download the file from for so long, as `name`."""
        wanted = {"Bucket": self._bucket, "Key": key, "ResponseContentDisposition": f'attachment; filename="{name}"'}
        return self._s3.generate_presigned_url("get_object", Params=wanted, ExpiresIn=int(lives.total_seconds()))

    def upload(self, key: str, most_bytes: int, lives: timedelta) -> Upload:
        """A form that anybody may send the file with for so long, of 1 to `most_bytes` bytes."""
        size = ["content-length-range", 1, most_bytes]
        form = self._s3.generate_presigned_post(self._bucket, key, Conditions=[size], ExpiresIn=int(lives.total_seconds()))
        return Upload(form["url"], form["fields"])


class NotDeletedError(Exception):
    """S3 kept files that were to be deleted."""


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]


@contextmanager
def _missing_is_told() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if _code(error) == _NO_UPLOAD:
            raise NoUploadError from None
        raise
