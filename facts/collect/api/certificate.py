"""The names and the validity of an X.509 certificate, read without verifying it.

The format is DER as in RFC 5280, section 4.1: nested tags, lengths and values. A certificate that has expired, or was
issued by nobody who is trusted, must be read as well as any other, which the `ssl` module refuses.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_address

import msgspec

_SEQUENCE, _UTC_TIME, _DNS_NAME, _IP_ADDRESS, _VERSION = 0x30, 0x17, 0x82, 0x87, 0xA0
_COMMON_NAME, _ALTERNATIVE_NAMES = bytes.fromhex("550403"), bytes.fromhex("551d11")


class Certificate(msgspec.Struct, frozen=True):
    """The common name and other names of a certificate, and from when to when it is valid, in UTC."""

    subject: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime


def read_certificate(der: bytes) -> Certificate:
    """Return names and validity of a certificate in DER. Raises ValueError if it is not a certificate."""
    try:
        fields = [part for part in _parts(_inside(der)[0][1]) if part[0] != _VERSION]
        # serial number, signature algorithm, issuer, validity, subject, ...
        not_before, not_after = (_moment(*part) for part in _parts(fields[3][1]))
        return Certificate(_common_name(fields[4][1]), tuple(_names(fields)), not_before, not_after)
    except (IndexError, ValueError) as error:
        raise ValueError("not a certificate") from error


def shown(certificate: Certificate) -> str:
    """Return the certificate as `openssl x509 -noout -subject -dates -ext subjectAltName` prints it."""
    names = ", ".join(f"{'IP Address' if _is_address(name) else 'DNS'}:{name}" for name in certificate.names)
    return (
        f"subject=CN = {certificate.subject}\n"
        f"notBefore={certificate.not_before:%b %d %H:%M:%S %Y} GMT\n"
        f"notAfter={certificate.not_after:%b %d %H:%M:%S %Y} GMT\n"
        f"X509v3 Subject Alternative Name: \n    {names}\n"
    )


def _inside(content: bytes) -> list[tuple[int, bytes]]:
    """Return the elements of the first element of `content`."""
    elements = [*_parts(content)]
    return [*_parts(elements[0][1])]


def _parts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and value of each element of `content`."""
    place = 0
    while place < len(content):
        tag, length = content[place], content[place + 1]
        place += 2
        if length & 0x80:
            size = length & 0x7F
            length = int.from_bytes(content[place : place + size])
            place += size
        if place + length > len(content):
            raise ValueError("cut off")
        yield tag, content[place : place + length]
        place += length


def _moment(tag: int, value: bytes) -> datetime:
    # UTCTime has two digits of the year, of which those from 50 on belong to the last century.
    text = value.decode("ascii")
    if tag == _UTC_TIME:
        text = ("19" if text[:2] >= "50" else "20") + text
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def _common_name(name: bytes) -> str:
    for _, attributes in _parts(name):
        for _, attribute in _parts(attributes):
            (_, kind), (_, value) = _parts(attribute)
            if kind == _COMMON_NAME:
                return value.decode("utf-8", "replace")
    return ""


def _names(fields: list[tuple[int, bytes]]) -> Iterator[str]:
    for _, wrapped in fields[6:]:  # behind the public key: the extensions, in one more sequence
        for tag, extensions in _parts(wrapped):
            for _, extension in _parts(extensions) if tag == _SEQUENCE else ():
                (_, kind), *_, (_, value) = _parts(extension)
                if kind == _ALTERNATIVE_NAMES:
                    for tag_of_name, name in _inside(value):
                        if tag_of_name == _DNS_NAME:
                            yield name.decode("ascii", "replace")
                        elif tag_of_name == _IP_ADDRESS:
                            yield str(ip_address(name))


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
