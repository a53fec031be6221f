"""Jobs, their queue and their files in memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

from shared.jobs.job import Job, JobKind
from shared.jobs.ports import NoFileError, NoUploadError, Part, Upload
from tests.fakes.memory import Memory


class MemoryJobs:
    """Implements `JobStore`."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.jobs: dict[str, Job] = {}
        self.are_open: set[str] = set()

    def add(self, job: Job) -> None:
        with self.memory.call("add job"):
            assert job.job_id not in self.jobs
            self.jobs[job.job_id] = job
            self.are_open.add(job.job_id)

    def find(self, job_id: str) -> Job | None:
        with self.memory.call("find job"):
            return self.jobs.get(job_id)

    def advance(self, seen: Job, new: Job) -> bool:
        with self.memory.call("advance job"):
            there = self.jobs.get(seen.job_id)
            if there is None or there.revision != seen.revision:
                return False
            self.jobs[seen.job_id] = new
            return True

    def close(self, job: Job) -> None:
        with self.memory.call("close job"):
            self.are_open.discard(job.job_id)

    def remove(self, job: Job) -> None:
        with self.memory.call("remove job"):
            self.jobs.pop(job.job_id, None)
            self.are_open.discard(job.job_id)

    def listed(self, kind: JobKind, survey_id: str, most: int, asker: str | None = None) -> Sequence[Job]:
        with self.memory.call("list jobs"):
            found = [job for job in self.jobs.values() if (job.kind, job.survey_id) == (kind, survey_id) and asker in {None, job.asker}]
            return sorted(found, key=lambda job: (job.created_at, job.job_id), reverse=True)[:most]

    def open(self, kind: JobKind) -> Iterator[Job]:
        with self.memory.call("open jobs"):
            return iter([job for job in self.jobs.values() if job.job_id in self.are_open and job.kind is kind])


class MemoryQueue:
    """Implements `JobQueue`."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.woken: list[str] = []

    def wake(self, job_id: str) -> None:
        with self.memory.call("wake"):
            self.woken.append(job_id)


@dataclass(slots=True)
class _Unfinished:
    key: str
    parts: dict[int, bytes] = field(default_factory=dict)


class MemoryFiles:
    """Implements `Files`."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.files: dict[str, bytes] = {}
        self.unfinished: dict[str, _Unfinished] = {}

    def put(self, key: str, body: bytes, media_type: str) -> None:
        del media_type
        with self.memory.call("put file"):
            self.files[key] = body

    def size(self, key: str) -> int | None:
        with self.memory.call("size of file"):
            return len(self.files[key]) if key in self.files else None

    def read(self, key: str, first: int = 0, length: int | None = None) -> bytes:
        with self.memory.call("read file"):
            if key not in self.files:
                raise NoFileError
            return self.files[key][first : None if length is None else first + length]

    def begin(self, key: str, media_type: str) -> str:
        del media_type
        with self.memory.call("begin file"):
            upload_id = f"upload-{len(self.unfinished)}-{len(self.files)}-{key}"
            self.unfinished[upload_id] = _Unfinished(key)
            return upload_id

    def put_part(self, key: str, upload_id: str, number: int, body: bytes) -> Part:
        with self.memory.call("put part"):
            self._unfinished(key, upload_id).parts[number] = body
            return Part(number, _tag(body))

    def complete(self, key: str, upload_id: str, parts: Sequence[Part]) -> None:
        with self.memory.call("complete file"):
            if upload_id not in self.unfinished and key in self.files:
                return
            held = self._unfinished(key, upload_id).parts
            assert [part.number for part in parts] == sorted({part.number for part in parts})
            assert all(_tag(held[part.number]) == part.tag for part in parts)
            self.files[key] = b"".join(held[part.number] for part in parts)
            del self.unfinished[upload_id]

    def discard(self, prefix: str) -> None:
        with self.memory.call("discard files"):
            self.unfinished = {name: each for name, each in self.unfinished.items() if not each.key.startswith(prefix)}
            self.files = {key: body for key, body in self.files.items() if not key.startswith(prefix)}

    def link(self, key: str, name: str, lives: timedelta) -> str:
        return f"https://files.example/{key}?as={name}&for={int(lives.total_seconds())}"

    def upload(self, key: str, most_bytes: int, lives: timedelta) -> Upload:
        fields: Mapping[str, str] = {"key": key, "most": str(most_bytes), "for": str(int(lives.total_seconds()))}
        return Upload("https://files.example/", fields)

    def _unfinished(self, key: str, upload_id: str) -> _Unfinished:
        there = self.unfinished.get(upload_id)
        if there is None or there.key != key:
            raise NoUploadError
        return there


def _tag(body: bytes) -> str:
    return sha256(body).hexdigest()
