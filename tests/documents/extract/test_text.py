"""Text, tables in text, Markdown, HTML, RTF, mails, and what decides between them."""

import codecs
from pathlib import Path

import pytest
from documents.extract.made import docx, paragraph, pdf, put

from gantry_edge.documents.extract import Extracted, ExtractError, extract
from gantry_edge.documents.extract.decode import decode

GERMAN = "Die Straße nach Köln führt über die schöne Brücke, und sie ist für Fußgänger gesperrt."
JAPANESE = "名前,年齢,住所\n佐藤太郎,30,東京\n三木英子,25,大阪\n高橋淳,35,名古屋\n"
CHINESE = "今天天气很好，我们一起去公园散步吧。明天可能会下雨，所以要带伞。"
TAIWANESE = "今天天氣很好，我們一起去公園散步吧。明天可能會下雨，所以要帶傘。"
KOREAN = "오늘은 날씨가 매우 좋습니다. 우리는 함께 공원에 산책하러 갑시다."
RUSSIAN = "Сегодня хорошая погода, и мы вместе пойдём гулять в парк. Завтра будет дождь."


def read(folder: Path, name: str, data: bytes | str) -> Extracted:
    return extract(put(folder, "stored", data), name)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "cp1252"),
        (GERMAN, "utf-16-le"),
        (GERMAN, "utf-16-be"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-32"),
        ("Äh", "latin-1"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "iso2022_jp"),
        (JAPANESE, "utf-16-le"),
        (CHINESE, "gb18030"),
        (TAIWANESE, "big5"),
        (KOREAN, "euc_kr"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        ("これは日本語の文章です。ひらがなとカタカナ。", "euc_jp"),
        ("Καλημέρα κόσμε, σήμερα ο καιρός είναι καλός.", "cp1253"),
        (RUSSIAN, "utf-16-be"),
        ("Proszę pana, ile kosztuje ta żółta róża? Książka leży na stole.", "cp1250"),
        ("Proszę pana, ile kosztuje ta żółta róża? Książka leży na stole.", "iso8859_2"),
        ("Příliš žluťoučký kůň úpěl. Kolik stojí lístek?", "cp1250"),
        ("Árvíztűrő tükörfúrógép. Az őszi időjárás hűvös.", "cp1250"),
        ("Şu köşe yaz köşesi. Çocuklar ağaç altında oynuyor.", "cp1254"),
        ("A situação não é fácil: São João, coração, três pães.", "cp1252"),
        ("«Été» à Noël – © Müller & Søn, 20 °C, ±5 µm, naïve façade", "cp1252"),
        ("Ísland: það er gott veður á Þingvöllum í dag.", "cp1252"),
    ],
)
def test_encodings_are_recognised(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_character_cut_in_two_does_not_spoil_the_rest() -> None:
    assert decode(GERMAN.encode()[:-1] + "é".encode()[:1]).startswith(GERMAN[:-1])


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("report.pdf", "<!doctype html><title>x</title><p>Not a PDF.", "html"),
        ("page.txt", pdf("Text."), "pdf"),
        ("letter.pdf", docx(paragraph("Text.")), "docx"),
        ("notes.md", "# Title\n\n<html> is a word here", "markdown"),
        ("table.csv", "a,b\n1,2\n", "csv"),
        ("run.py", "import os\n", "code"),
        ("Makefile", "all:\n\ttrue\n", "code"),
        ("readme", "Just words.", "text"),
        ("mail.txt", "From: a@b.c\nSubject: Hi\n\nText.\n", "email"),
        ("note.txt", "Subject: only this looks so\n\nText.\n", "text"),
        ("old.doc", "{\\rtf1\\ansi Text.}", "rtf"),
        ("x.xls", "<html><table><tr><td>1</td></tr></table></html>", "html"),
    ],
)
def test_content_decides_and_the_name_breaks_ties(tmp_path: Path, name: str, data: bytes | str, kind: str) -> None:
    assert read(tmp_path, name, data).kind == kind


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \r\n\0", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "picture"),
        (b"\x1f\x8b\x08\0\0", "archive"),
        (bytes(range(256)) * 8, "not a document"),
        (b"\x7fELF\x02\x01\x01" + bytes(900), "not a document"),
        (b"<html><script>x()</script></html>", "No text"),
    ],
)
def test_what_holds_no_text_is_told(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(ExtractError, match=said):
        read(tmp_path, "a.txt", data)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_tables_in_text_become_rows(tmp_path: Path, delimiter: str) -> None:
    rows = (["Name", "Town", "Note"], ["Ann", "Köln", '"a, b; c"'], ["Bob", "Bonn", '"two\nlines"'])
    found = read(tmp_path, "a.csv", "\n".join(delimiter.join(row) for row in rows))
    assert found.text.split("\n") == ["Name | Town | Note", "Ann | Köln | a, b; c", "Bob | Bonn | two lines"]
    assert found.headings[0].title == "Name, Town, Note"


def test_a_table_of_a_million_columns(tmp_path: Path) -> None:
    assert read(tmp_path, "a.csv", "1," * 1_000_000).text.startswith("1 | 1")


def test_markdown_headings_but_not_those_in_code(tmp_path: Path) -> None:
    found = read(tmp_path, "a.md", "# One\n\ntext\n\n```\n# no\n```\n\nTwo\n===\n\n### Three ###\n")
    assert [(heading.level, heading.title) for heading in found.headings] == [(1, "One"), (1, "Two"), (3, "Three")]
    for heading in found.headings:
        assert heading.title in found.text[heading.offset : heading.offset + 12]


def test_markdown_stays_as_it_is_but_for_pictures_in_it(tmp_path: Path) -> None:
    found = read(tmp_path, "a.md", f"Look ![x](data:image/png;base64,{'A' * 500}) *here* <script>alert(1)</script>")
    assert found.text == "Look ![x]() *here* <script>alert(1)</script>"


def test_form_feeds_are_pages(tmp_path: Path) -> None:
    found = read(tmp_path, "a.txt", "one\n\ftwo\n")
    assert [found.text[page:][:3] for page in found.pages] == ["one", "two"]


def test_indents_of_code_stay(tmp_path: Path) -> None:
    code = "def f():\n    return 1\n\n\ndef g():\n    return 2"
    assert read(tmp_path, "a.py", code).text == code


def test_a_page_without_its_scripts_and_menus(tmp_path: Path) -> None:
    page = (
        "<html><head><title>T</title><style>s{}</style></head><body><nav>Menu</nav><h2>Birds</h2><p>Ducks <b>swim</b>"
        "<br>and fly.</p><script>var x</script><ul><li>one<li>two</ul><ol><li>a<li>b</ol><div hidden>No</div>"
        "<table><tr><th>K<th>V</tr><tr><td>1<td>2</tr></table><img src='http://x' alt='A pond'></body></html>"
    )
    found = read(tmp_path, "a.html", page)
    for line in ("T", "Birds", "Ducks swim", "and fly.", "- one", "- two", "1. a", "2. b", "K | V", "1 | 2", "A pond"):
        assert line in found.text.split("\n")
    for gone in ("Menu", "var x", "s{}", "No"):
        assert gone not in found.text
    assert [heading.title for heading in found.headings] == ["T", "Birds"]


def test_a_declared_charset_is_believed_if_it_fits(tmp_path: Path) -> None:
    page = '<html><meta charset="{}"><p>Żółw</p></html>'
    assert "Żółw" in read(tmp_path, "a.html", page.format("iso-8859-2").encode("iso-8859-2")).text
    assert "Żółw" in read(tmp_path, "a.html", page.format("iso-8859-2").encode()).text
    assert "Żółw" in read(tmp_path, "a.html", page.format("no-such").encode()).text


def test_a_cell_over_several_rows_or_columns_keeps_the_others_in_their_place(tmp_path: Path) -> None:
    rows = (
        '<td rowspan="2">2025<td>May<td>7',
        "<td>June<td>8",
        '<td colspan="2">Sum<td>15',
        '<td rowspan="900">x<td>y<td>z',
    )
    table = "".join(f"<tr>{row}" for row in rows)
    found = read(tmp_path, "a.html", f"<html><table>{table}</table><table><tr><td>a<td>b</table>")
    assert found.text.split("\n") == ["2025 | May | 7", "2025 | June | 8", "Sum |  | 15", "x | y | z", "a | b"]


def test_a_layout_of_tables_is_read_as_passages(tmp_path: Path) -> None:
    found = read(tmp_path, "a.html", f"<html><table><tr><td><h1>Top</h1><p>{'word ' * 600}</p><td><p>Side</p></table>")
    assert " | " not in found.text
    assert found.headings[0].title == "Top"


def test_rich_text(tmp_path: Path) -> None:
    data = b"{\\rtf1\\ansi\\ansicpg1252 Caf\\'e9 \\u8364? d\xe9j\xe0\\par\n\\trowd a\\cell b\\cell\\row}"
    found = read(tmp_path, "a.rtf", data)
    assert found.text.split("\n") == ["Café € déjà", "a | b"]


def test_rich_text_of_notes_and_cells_of_paragraphs(tmp_path: Path) -> None:
    data = b"{\\rtf1 It holds.{\\footnote {\\chftn}See below.}\\par\\trowd{a\\par}\\cell{b\\par}\\cell\\row}"
    assert read(tmp_path, "a.rtf", data).text.split("\n") == ["It holds. See below.", "a | b"]


@pytest.mark.parametrize("picture", [b"\\bin ffd8", b"\\bin6 }\xff\xd8{}Z", b"\\bin0 "])
def test_rich_text_with_a_picture_in_bytes(tmp_path: Path, picture: bytes) -> None:
    data = b"{\\rtf1 Before.{\\pict\\jpegblip " + picture + b"}After.}"
    assert read(tmp_path, "a.rtf", data).text == "Before.After."


MAIL = """From: Ann <ann@example.org>
To: Bob <bob@example.org>
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
Date: Fri, 16 Dec 2022 17:04:16 -0500
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="x"

--x
Content-Type: multipart/alternative; boundary="y"

--y
Content-Type: text/plain; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

Sch=F6ne Gr=FC=DFe
--y
Content-Type: text/html

<p>Not this one</p>
--y--
--x
Content-Type: application/pdf; name="plan.pdf"
Content-Disposition: attachment; filename="plan.pdf"
Content-Transfer-Encoding: base64

AAAA
--x
Content-Type: message/rfc822

From: Cy <cy@example.org>
Subject: Inner
Content-Type: text/html

<p>Deep <b>inside</b></p>
--x--
"""


@pytest.mark.parametrize("encoding", ["ascii", "utf-16"])
def test_a_mail_with_its_headers_its_text_and_the_names_of_its_attachments(tmp_path: Path, encoding: str) -> None:
    found = read(tmp_path, "a.eml", MAIL.encode(encoding))
    for words in ("Grüße", "From: Ann <ann@example.org>", "Schöne Grüße", "Attachments: plan.pdf", "Deep inside"):
        assert words in found.text
    for gone in ("Not this one", "AAAA", "Content-T"):
        assert gone not in found.text
    assert [(heading.level, heading.title) for heading in found.headings] == [(1, "Grüße"), (2, "Inner")]


@pytest.mark.parametrize("kind", ["multipart/encrypted", "application/pkcs7-mime"])
def test_an_encrypted_mail_is_told(tmp_path: Path, kind: str) -> None:
    mail = f"From: Ann <ann@example.org>\nTo: Bob <bob@example.org>\nContent-Type: {kind}\n\nAAAA"
    with pytest.raises(ExtractError, match="encrypted"):
        read(tmp_path, "a.eml", mail)


def test_nothing_that_cannot_be_seen_is_left(tmp_path: Path) -> None:
    found = read(tmp_path, "a.txt", codecs.BOM_UTF8 + "a\u200bb\u00a0c\x07 ﬁne\r\nsoft\u00ad\nly e\u0301".encode())
    assert found.text == "ab c fine\nsoftly é"
