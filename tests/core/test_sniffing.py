"""How a file is written: proposed, and certain only when nothing else fits."""

from __future__ import annotations

import pytest

from retouche.core.dialect import Dialect
from retouche.core.errors import UnreadableFile
from retouche.core.guessing.sniffing import sniff


@pytest.mark.parametrize(
    ("data", "dialect"),
    [
        (b"id,nom\n1,a\n2,b\n", Dialect()),
        (b"id;nom\r\n1;a, b\r\n2;c\r\n", Dialect(delimiter=";")),
        (b"id\tnom\n1\ta\n", Dialect(delimiter="\t")),
        (b"id|nom\n1|a,b\n2|c,d\n", Dialect(delimiter="|")),
        (b"\xef\xbb\xbfid;nom\r1;\xc3\xa9\r", Dialect(delimiter=";")),
        (b"id;nom\n1;\xe9t\xe9\n", Dialect(delimiter=";", encoding="cp1252")),
        (b"id;prix\n1;3 \x80\n", Dialect(delimiter=";", encoding="cp1252")),
        (b'id;lat\n1;"1,5"\n2;"2,5"\n', Dialect(delimiter=";")),
        (b'id,nom\n1,"a\n;;b"\n2,"c"\n', Dialect()),
        (b"code\n01\n02\n", Dialect()),
    ],
)
def test_certain_dialect(data: bytes, dialect: Dialect) -> None:
    sniffed = sniff(data)
    assert sniffed.dialect == dialect
    assert sniffed.certain


@pytest.mark.parametrize(
    ("data", "doubts"),
    [
        (b"id;nom\n1;\xe1\xf1\n", ("encoding",)),
        (b"id;nom\n1;\xa4\n", ("encoding",)),
        (b"id;nom\n1;caf\x8e\n", ("encoding",)),
        (b"id;nom\n1;\x81\n", ("encoding",)),
        (b"a,b;c,d\n1,2;3,4\n", ("delimiter",)),
        (b"Some words, and more.\nOther words.\nAnd these\n", ("delimiter",)),
        (b"1,Gap\n2,Apt\n", ("header",)),
        (b"id,nom\n1\n2\n3\n", ("delimiter",)),
    ],
)
def test_doubtful_dialect_says_what_is_not_certain(data: bytes, doubts: tuple[str, ...]) -> None:
    assert sniff(data).doubts == doubts


def test_what_is_given_is_no_longer_in_doubt() -> None:
    sniffed = sniff(b"a,b;c,d\n1,\xe1;3,4\n", encoding="iso-8859-15", delimiter=";")
    assert sniffed.dialect == Dialect(delimiter=";", encoding="iso8859-15")
    assert sniffed.certain


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty_file"),
        (b"\n\n", "empty_file"),
        (b"PK\x03\x04\x14\x00\x06\x00rest of a workbook", "not_csv"),
        (b"%PDF-1.7\n", "not_csv"),
        (b"<!doctype html><p>no", "not_csv"),
        (b'{"id": 1}', "not_csv"),
        ("id,nom\n1,é\n".encode("utf-16"), "encoding"),
        (b"id,nom\n1,\x00\n", "nul"),
        (b"id,nom\n1,\xc3\xa9\xc3\xa8\xc3\xaa\xc3\xab\xc3\xa0\n2,\xff\n", "encoding"),
        (b'id,nom\n1,"a\n', "quote"),
        (b"id,id\n1,2\n", "header"),
        (b"id,\n1,2\n", "header"),
    ],
)
def test_file_that_no_dialect_makes_a_csv_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        sniff(data)
    assert refused.value.reason == reason
