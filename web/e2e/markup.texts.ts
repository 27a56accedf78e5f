/** Every kind of markup, as a team might write it: for a test that looks for faults, and for the pictures. */

export const EVERYTHING: readonly string[] = [
  "## Release 0.1\n\nWhat is left, **in this order**:\n\n- [x] resume by cursor\n- [ ] Markdown, with `code` and *all* of it\n- [ ] a name for the ~~thing~~ product",
  "1. read the notes: https://example.org/notes/fan-out_2\n2. run it\n   - on the small machine\n   - on the large one\n3. tell [Grace](mailto:grace@example.org)",
  '```rust\n/// Everyone hears it once.\nfn deliver(room: &mut Room, event: Event) -> Result<usize, Full> {\n    let readers = room.readers.len(); // 4,000 of them, and a line that is far too long for any column of text\n    room.ring.push(event)?;\n    println!("{readers} readers");\n    Ok(readers)\n}\n```',
  "> And if somebody pulls the plug?\n>\n> > It was pulled.\n\nThen what was acknowledged is on the disk.",
  "| server | p50 | p99 | lost | sockets | memory | remark |\n|:--|--:|--:|:-:|--:|--:|---|\n| parlour | 1.2 ms | 4.8 ms | 0 | 4,000 | 61 MB | *one* binary |\n| tutorial | 9.7 ms | 310 ms | **17** | 4,000 | 412 MB | stops at the first slow reader |",
  "The film ends with ||a **sled**, and nobody knows||. Do not tell.",
  "# A large heading\n### A small one\n\n---\n\nText under a line, with <b>HTML</b> that is text &amp; an entity.",
  `long words break: ${"Donaudampfschifffahrtsgesellschaft".repeat(4)} **${"x".repeat(120)}**`,
  "Sign in at [https://bank.example](https://thief.example/login), *quickly*.",
  "**العربية** و`code` ثم [رابط](https://example.org)",
  "日本語の**強調**と`コード`。",
  "```diff\n- one turn per socket\n+ one turn per room\n```",
  "🎉🎉",
];
