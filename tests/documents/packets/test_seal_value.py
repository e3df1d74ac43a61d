"""The signature in a seal's value is verified; the two values here were signed by OpenSSL 3.0."""

from base64 import b64decode

import pytest

from documents.packets.ofd.seal_value import signed_in

DIGEST = bytes(range(32))
NEW = b64decode(
    "MIICSDBcAgEEMAAYDzIwMjYwMzAyMDgxNTAwWgMhAAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fFiEv"
    "RG9jXzAvU2lnbnMvU2lnbl8wL1NpZ25hdHVyZS54bWwEggGSMIIBjjCCATOgAwIBAgIUZcZneSmEpKwX7aVvLuFl"
    "j1AvhHcwCgYIKoEcz1UBg3UwHDEaMBgGA1UEAwwR6LSi5pS/56Wo5o2uIHRlc3QwHhcNMjYxMTMwMTkwODAyWhcN"
    "MzYxMTI3MTkwODAyWjAcMRowGAYDVQQDDBHotKLmlL/npajmja4gdGVzdDBZMBMGByqGSM49AgEGCCqBHM9VAYIt"
    "A0IABOoSedNngKxHUgYjfTQNOAk0XUR4X4UuoM2Gayg2t3EanbsiTQSdQ4QWoHz8NUJOPHhZSInaxP1CCg986ux6"
    "h4ajUzBRMB0GA1UdDgQWBBRAg/Iv7RZsT2A/O/a5WJ0j46DhqDAfBgNVHSMEGDAWgBRAg/Iv7RZsT2A/O/a5WJ0j"
    "46DhqDAPBgNVHRMBAf8EBTADAQH/MAoGCCqBHM9VAYN1A0kAMEYCIQCXh7G9CukDirXOsPDtGGtuvTwI1XbP+LdV"
    "03NCa7AikQIhAIBZdnzxgri3k+90gyxu56rX0sVIyPm6fTearsaHpD51BggqgRzPVQGDdQNIADBFAiATHX4KfuMA"
    "BYLiml0IHKV9xlZ1gvqDY+vFR4RDiY7bRAIhAIxWLnTJYkNfzhijkpzm5vjo71lYB4TMniOQF/NXJh48"
)
OLD = b64decode(
    "MIICIDCCAdICAQEwAAMFEDI2MDMDIQAAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHxYBeASCAZIwggGO"
    "MIIBM6ADAgECAhRlxmd5KYSkrBftpW8u4WWPUC+EdzAKBggqgRzPVQGDdTAcMRowGAYDVQQDDBHotKLmlL/npajm"
    "ja4gdGVzdDAeFw0yNjExMzAxOTA4MDJaFw0zNjExMjcxOTA4MDJaMBwxGjAYBgNVBAMMEei0ouaUv+elqOaNriB0"
    "ZXN0MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAE6hJ502eArEdSBiN9NA04CTRdRHhfhS6gzYZrKDa3cRqduyJN"
    "BJ1DhBagfPw1Qk48eFlIidrE/UIKD3zq7HqHhqNTMFEwHQYDVR0OBBYEFECD8i/tFmxPYD879rlYnSPjoOGoMB8G"
    "A1UdIwQYMBaAFECD8i/tFmxPYD879rlYnSPjoOGoMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoEcz1UBg3UDSQAwRgIh"
    "AJeHsb0K6QOKtc6w8O0Ya269PAjVds/4t1XTc0JrsCKRAiEAgFl2fPGCuLeT73SDLG7nqtfSxUjI+bp9N5quxoek"
    "PnUGCCqBHM9VAYN1A0gAMEUCIQChnk6dYRmH6UF6n5Xo3i88aW3L3J/h+VgbREZ/T9v2QQIgWe6KR1H4chyz4vhx"
    "BGjBFyfrDUanfX6fKez2Md5S6Dw="
)

both_forms = pytest.mark.parametrize("value", [NEW, OLD], ids=["GB/T 38540", "GM/T 0031"])


@both_forms
def test_what_was_signed_is_told(value: bytes) -> None:
    assert DIGEST in (signed_in(value) or b"")


@both_forms
def test_of_what_was_changed_after_it_was_signed_nothing_is_told(value: bytes) -> None:
    assert signed_in(value.replace(DIGEST, DIGEST[::-1])) == b""


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"\x30",
        b"\x30\x80\0\0",
        NEW[:-3],
        NEW.replace(b"\x82\x2d", b"\x82\x2c"),
        NEW + bytes(600_000),
    ],
    ids=["nothing", "no length", "endless", "cut off", "another curve", "too large"],
)
def test_a_value_that_cannot_be_verified_is_told_apart(value: bytes) -> None:
    assert signed_in(value) is None
