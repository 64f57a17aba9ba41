"""Certificates are read as cryptography reads them, whatever they are worth; what is none is refused."""

import ssl
from datetime import UTC, datetime

import pytest
import trustme
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.collect.api.certificate import read_certificate, shown

ISSUER = trustme.CA()


def _der(certificate: trustme.LeafCert) -> bytes:
    return ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())


WHOLE = _der(ISSUER.issue_cert("kubernetes", "10.96.0.1"))


@settings(max_examples=20, deadline=None)
@given(
    ends=st.datetimes(datetime(2011, 1, 1), datetime(2080, 1, 1)),  # noqa: DTZ001 - in UTC, as trustme wants it
    names=st.lists(st.sampled_from(["kubernetes", "10.96.0.1", "::1", "api.lab.example"]), min_size=1, unique=True),
)
def test_a_certificate_says_what_cryptography_says(ends: datetime, names: list[str]) -> None:
    """Names, and dates on both sides of 2050, where their spelling changes."""
    der = _der(ISSUER.issue_cert(*names, common_name="kube-apiserver", not_after=ends))
    expected, found = x509.load_der_x509_certificate(der), read_certificate(der)
    assert found.subject == "kube-apiserver"
    assert set(found.names) == set(names)
    assert (found.not_before, found.not_after) == (expected.not_valid_before_utc, expected.not_valid_after_utc)


def test_what_is_shown_is_what_openssl_prints() -> None:
    """Subject, dates and names, each on its line."""
    der = _der(
        ISSUER.issue_cert("kubernetes", "10.96.0.1", common_name="api", not_after=datetime(2030, 1, 2, tzinfo=UTC))
    )
    lines = shown(read_certificate(der)).splitlines()
    assert lines[0] == "subject=CN = api"
    assert lines[2] == "notAfter=Jan 02 00:00:00 2030 GMT"
    assert lines[4].strip() == "DNS:kubernetes, IP Address:10.96.0.1"


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_what_is_broken_is_refused_in_one_way(data: st.DataObject) -> None:
    """A certificate with bytes cut off or changed is read or refused with ValueError, and nothing else happens."""
    whole = bytearray(WHOLE)
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(whole)))
    try:
        read_certificate(bytes(whole[:end]))
    except ValueError:
        return


@pytest.mark.parametrize("content", [b"", b"0", b"\x30\x03abc", b"not a certificate"])
def test_what_is_no_certificate(content: bytes) -> None:
    """It says so."""
    with pytest.raises(ValueError, match="not a certificate"):
        read_certificate(content)
