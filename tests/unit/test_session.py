from collections.abc import Iterator

import pytest
from botocore.config import Config
from botocore.exceptions import DataNotFoundError
from botocore.loaders import JSONFileLoader, Loader
from botocore.session import get_session

from shared.store.session import SERVICES, client, session
from tests.quick_aws import READ_ANEW

SHARED_DOCUMENTS = ("endpoints", "partitions", "sdk-default-configuration", "_retry")


@pytest.fixture(autouse=True)
def _nothing_read_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(JSONFileLoader, "load_file", READ_ANEW)
    session.cache_clear()
    yield
    session.cache_clear()


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("kind", ["service-2", "endpoint-rule-set-1", "paginators-1"])
def test_a_service_is_described_as_botocore_itself_describes_it(service: str, kind: str) -> None:
    assert _loader().load_service_model(service, kind) == Loader().load_service_model(service, kind)


@pytest.mark.parametrize("name", SHARED_DOCUMENTS)
def test_what_all_services_share_reads_as_botocore_itself_reads_it(name: str) -> None:
    assert _loader().load_data(name) == Loader().load_data(name)


def test_a_document_that_is_not_there_is_missed_as_botocore_misses_it() -> None:
    with pytest.raises(DataNotFoundError):
        _loader().load_data("no-such-document")


@pytest.mark.parametrize("region", ["sa-east-1", "us-east-1", "us-gov-west-1"])
@pytest.mark.parametrize("service", SERVICES)
def test_an_endpoint_is_the_one_that_botocore_itself_finds(service: str, region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    regional = Config(s3={"us_east_1_regional_endpoint": "regional"})  # for S3 in its first region; see below
    usual = get_session().create_client(service, config=regional)
    ours = client(service)
    assert (ours.meta.endpoint_url, ours.meta.partition) == (usual.meta.endpoint_url, usual.meta.partition)


@pytest.mark.parametrize("region", ["sa-east-1", "us-east-1"])
def test_forms_for_files_lead_to_the_buckets_regional_host(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)  # what CloudFormation calls RegionalDomainName, which the console's policy names
    assert client("s3").generate_presigned_post("files", "import/x")["url"] == f"https://files.s3.{region}.amazonaws.com/"


def _loader() -> Loader:
    loader: Loader = session().get_component("data_loader")
    return loader
