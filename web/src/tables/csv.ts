/** What a spreadsheet would take for a formula is marked as text. */
const field = (text: string) => {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?[\d.,]+%?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export const csv = (rows: string[][]) =>
  rows.map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
