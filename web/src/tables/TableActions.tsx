import type { Tokens } from "marked";
import { t } from "../language/t";
import { decodeEntities } from "../markdown/entities";
import { IconButton } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { downloadText } from "../ui/download";
import { csv } from "./csv";
import "./tables.css";

export function TableActions({ token }: { token: Tokens.Table }) {
  const save = () => {
    const rows = [token.header, ...token.rows];
    const texts = rows.map((row) => row.map((cell) => decodeEntities(cell.text)));
    // The mark by which spreadsheets know the encoding.
    downloadText("table.csv", `\ufeff${csv(texts)}`);
  };
  return (
    <div class="table-actions">
      <IconButton icon="download" label={t("Download table as CSV")} onClick={save} />
      <CopyButton label={t("Copy table")} text={() => token.raw.trim()} />
    </div>
  );
}
