/** Colours for code. A chunk of its own: fetched when the first code with a language is on screen, and never before. */

import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import kotlin from "highlight.js/lib/languages/kotlin";
import markdown from "highlight.js/lib/languages/markdown";
import php from "highlight.js/lib/languages/php";
import python from "highlight.js/lib/languages/python";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import shell from "highlight.js/lib/languages/shell";
import sql from "highlight.js/lib/languages/sql";
import swift from "highlight.js/lib/languages/swift";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import { createLowlight } from "lowlight";
import type { ReactNode } from "react";
import { inRow } from "./inRow";

const lowlight = createLowlight({
  ...{ bash, c, cpp, csharp, css, diff, go, ini, java, javascript, json, kotlin, markdown, php, python, ruby, rust },
  ...{ shell, sql, swift, typescript, xml, yaml },
});

type Node = ReturnType<typeof lowlight.highlight>["children"][number];

/** The code as nodes with classes; null for a language that is none of ours. */
export function highlight(text: string, language: string): ReactNode {
  const name = language.toLowerCase();
  return lowlight.registered(name) ? nodes(lowlight.highlight(name, text).children) : null;
}

function nodes(of: readonly Node[]): ReactNode {
  return inRow(of, (node) => {
    if (node.type === "text") return node.value;
    if (node.type !== "element") return null;
    const names = node.properties.className;
    return <span className={Array.isArray(names) ? names.join(" ") : undefined}>{nodes(node.children)}</span>;
  });
}
