/** The beginning of a text in the place of its line. Fetched when somebody asks for it. */

import { type ReactNode, useEffect, useState } from "react";
import type { Attachment, RoomId } from "../../protocol";
import { CodeBlock } from "../../ui/CodeBlock";
import { fileStrings } from "../../ui/strings/files";
import { pathOf } from "./Files";

/** So much of it is read. */
const READ_BYTES = 64 * 1024;

const LANGUAGES: Readonly<Record<string, string>> = {
  ...{ c: "c", h: "c", cpp: "cpp", hpp: "cpp", cs: "csharp", css: "css", diff: "diff", patch: "diff", go: "go" },
  ...{ ini: "ini", toml: "ini", java: "java", js: "javascript", mjs: "javascript", jsx: "javascript", json: "json" },
  ...{ kt: "kotlin", md: "markdown", php: "php", py: "python", rb: "ruby", rs: "rust", sh: "bash", sql: "sql" },
  ...{
    swift: "swift",
    ts: "typescript",
    tsx: "typescript",
    html: "xml",
    svg: "xml",
    xml: "xml",
    yaml: "yaml",
    yml: "yaml",
  },
};

export function TextFile({ file, room }: { file: Attachment; room: RoomId }): ReactNode {
  const [text, setText] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const left = new AbortController();
    read(pathOf(room, file), left.signal)
      .then(setText)
      .catch(() => !left.signal.aborted && setFailed(true));
    return () => left.abort();
  }, [file, room]);
  if (failed) return <p role="alert">{fileStrings.notFetched}</p>;
  if (text === null) return null;
  return (
    <div className="file-text">
      <CodeBlock text={text} language={LANGUAGES[file.name.split(".").at(-1)?.toLowerCase() ?? ""] ?? ""} />
      {file.bytes > READ_BYTES && <p>{fileStrings.cut}</p>}
    </div>
  );
}

async function read(path: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(path, { signal, headers: { range: `bytes=0-${READ_BYTES - 1}` } });
  if (!response.ok) throw new Error(String(response.status));
  // What was cut within a letter ends before it.
  return new TextDecoder().decode(await response.arrayBuffer()).replace(/\uFFFD$/, "");
}
