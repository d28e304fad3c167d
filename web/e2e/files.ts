// Small real documents, made here so that every word in them is known.
import { crc32, deflateRawSync } from "node:zlib";

export interface MadeFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A PDF of plain text: a page for each list of lines. */
export function pdf(name: string, pages: string[][]): MadeFile {
  const objects: string[] = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, at) => `${4 + 2 * at} 0 R`).join(" ")}] >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
  ];
  pages.forEach((lines, at) => {
    const shown = lines.map((line) => `(${line.replace(/[\\()]/g, "\\$&")}) Tj T*`).join("\n");
    const stream = `BT /F1 12 Tf 16 TL 60 780 Td\n${shown}\nET`;
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * at} 0 R >>`,
      `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    );
  });
  let file = "%PDF-1.4\n";
  const places = objects.map((object, at) => {
    const place = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const place of places) file += `${String(place).padStart(10, "0")} 00000 n \n`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return { name, mimeType: "application/pdf", buffer: Buffer.from(file, "latin1") };
}

function zip(entries: [string, string][]): Buffer {
  const bodies: Buffer[] = [];
  const index: Buffer[] = [];
  let place = 0;
  for (const [path, text] of entries) {
    const plain = Buffer.from(text);
    const packed = deflateRawSync(plain);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt16LE(0x21, 8);
    fields.writeUInt32LE(crc32(plain), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(plain.length, 18);
    fields.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, Buffer.from(path), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(place, 10);
    index.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), fields, rest, Buffer.from(path)]));
    bodies.push(local);
    place += local.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(Buffer.concat(index).length, 8);
  end.writeUInt32LE(place, 12);
  return Buffer.concat([...bodies, ...index, Buffer.from("PK\x05\x06"), end]);
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OFFICE = "http://schemas.openxmlformats.org";
const WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml";

export function docx(name: string, paragraphs: string[]): MadeFile {
  const body = paragraphs.map((text) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`).join("");
  const buffer = zip([
    [
      "[Content_Types].xml",
      `${XML}<Types xmlns="${OFFICE}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${WORD}.document.main+xml"/></Types>`,
    ],
    [
      "_rels/.rels",
      `${XML}<Relationships xmlns="${OFFICE}/package/2006/relationships"><Relationship Id="r1" Type="${OFFICE}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    ],
    [
      "word/document.xml",
      `${XML}<w:document xmlns:w="${OFFICE}/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
    ],
  ]);
  return { name, mimeType: `${WORD}.document`, buffer };
}

export function csv(name: string, rows: string[][]): MadeFile {
  const text = rows.map((row) => row.join(",")).join("\n");
  return { name, mimeType: "text/csv", buffer: Buffer.from(text) };
}

export function text(name: string, words: string): MadeFile {
  return { name, mimeType: "text/plain", buffer: Buffer.from(words) };
}

export const handbook = (name = "handbook.pdf") =>
  pdf(name, [
    ["Welcome to Larkspur Instruments", "", "We make barometers in Falmouth since 1974."],
    [
      "Annual leave",
      "",
      "Every full-time employee has 27 days of paid annual leave.",
      "Unused leave is lost at the end of March.",
    ],
    ["Parking", "", "The barrier at the south gate opens with the code 4471."],
  ]);

export const minutes = (name = "minutes.docx") =>
  docx(name, [
    "Minutes of the board of Larkspur Instruments",
    "Mrs Okonkwo was elected treasurer for three years.",
    "The workshop roof will be repaired by Tregenza and Sons in September.",
  ]);

export const prices = (name = "prices.csv") =>
  csv(name, [
    ["product", "price in pounds", "weight"],
    ["Aneroid barometer", "245", "1.2 kg"],
    ["Marine barograph", "1890", "4.5 kg"],
    ["Pocket altimeter", "118", "0.2 kg"],
  ]);
