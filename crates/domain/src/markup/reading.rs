//! The tree out of the events of `pulldown-cmark`, within its bounds.

use std::ops::Range;

use parlour_protocol::limits::{TREE_DEPTH_MAX, TREE_NODES_MAX};
use parlour_protocol::markup::{Align, Block, Cell, Inline, Item};
use pulldown_cmark::{Alignment, CodeBlockKind, Event, LinkType, Options, Parser, Tag};

use super::addresses;
use super::lines::{Piece, finish, push_words, push_written};

/// The longest name of a language, in bytes.
const LANGUAGE_BYTES_MAX: usize = 32;

/// What came out of one reading.
pub(super) struct Reading {
    pub(super) blocks: Vec<Block>,
    /// Places of what was taken for markup and is none of ours. When there are some, the text is to be read anew with them
    /// escaped.
    pub(super) escape: Vec<usize>,
}

/// Reads a text once. None when its tree is out of bounds.
pub(super) fn read(text: &str) -> Option<Reading> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let events = Parser::new_ext(text, options).into_offset_iter();
    let mut escape: Vec<usize> =
        events.reference_definitions().iter().map(|(_, definition)| definition.span.start).collect();
    if !escape.is_empty() {
        escape.sort_unstable();
        return Some(Reading { blocks: Vec::new(), escape });
    }
    let mut reader = Reader { text, stack: vec![Frame::new(Open::Root, 0..0)], nodes: 0, links: 0, run: None, escape };
    for (event, range) in events {
        reader.event(event, range)?;
    }
    let root = reader.stack.pop()?;
    Some(Reading { blocks: root.blocks, escape: reader.escape })
}

/// What is open.
enum Open {
    Root,
    Paragraph,
    Heading(u8),
    Quote,
    List(Option<u32>),
    Item,
    Code(String),
    Html,
    Table(Vec<Align>),
    Row,
    Cell,
    Emphasis,
    Strong,
    Strike,
    Link(String),
    /// A link within a link: only its words are shown.
    Words,
    /// A link that may not lead there: shown as it was typed.
    AsTyped,
}

/// One thing that is open, and what was in it until now.
struct Frame {
    open: Open,
    /// Where it stands in the text, and from where to where the first to last of what is in it.
    range: Range<usize>,
    inner: Option<Range<usize>>,
    blocks: Vec<Block>,
    pieces: Vec<Piece>,
    items: Vec<Item>,
    done: Option<bool>,
    rows: Vec<Vec<Cell>>,
    cells: Vec<Cell>,
}

impl Frame {
    fn new(open: Open, range: Range<usize>) -> Frame {
        Frame {
            open,
            range,
            inner: None,
            blocks: Vec::new(),
            pieces: Vec::new(),
            items: Vec::new(),
            done: None,
            rows: Vec::new(),
            cells: Vec::new(),
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    stack: Vec<Frame>,
    nodes: usize,
    /// How many links are open.
    links: usize,
    /// Words that stand side by side in the text, until now.
    run: Option<Range<usize>>,
    escape: Vec<usize>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) -> Option<()> {
        if let Event::End(_) = event {
            self.end_run();
            let frame = self.stack.pop()?;
            return self.close(frame);
        }
        self.top()?.inner.get_or_insert(range.clone()).end = range.end;
        match event {
            Event::Text(words) => self.words(&words, range),
            Event::Start(tag) => {
                self.end_run();
                self.start(tag, range)
            }
            Event::Code(words) => {
                self.end_run();
                self.top()?.pieces.push(Piece::Node(Inline::Code(words.into_string())));
                Some(())
            }
            Event::SoftBreak | Event::HardBreak => {
                self.end_run();
                push_words(&mut self.top()?.pieces, "\n");
                Some(())
            }
            Event::Rule => {
                self.count(1)?;
                self.block(Block::Rule)
            }
            Event::TaskListMarker(done) => {
                let item = self.stack.iter_mut().rev().find(|frame| matches!(frame.open, Open::Item))?;
                item.done = Some(done);
                Some(())
            }
            // HTML is text. What is left belongs to options that are off.
            Event::Html(words) | Event::InlineHtml(words) => {
                self.end_run();
                push_words(&mut self.top()?.pieces, &words);
                Some(())
            }
            _ => Some(()),
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) -> Option<()> {
        if self.stack.len() > TREE_DEPTH_MAX {
            return None;
        }
        let open = match tag {
            Tag::Heading { level, .. } => Open::Heading(level as u8),
            Tag::BlockQuote(_) => Open::Quote,
            Tag::List(start) => Open::List(start.map(|start| u32::try_from(start).unwrap_or(u32::MAX))),
            Tag::Item => Open::Item,
            Tag::CodeBlock(kind) => {
                let (language, first_line) = fence(&kind);
                let mut frame = Frame::new(Open::Code(language), range);
                push_words(&mut frame.pieces, &first_line);
                self.count(1)?;
                self.flush()?;
                self.stack.push(frame);
                return Some(());
            }
            Tag::HtmlBlock => Open::Html,
            Tag::Table(columns) => Open::Table(columns.into_iter().map(align).collect()),
            Tag::TableHead | Tag::TableRow => Open::Row,
            Tag::TableCell => Open::Cell,
            Tag::Emphasis => Open::Emphasis,
            Tag::Strong => Open::Strong,
            Tag::Strikethrough => Open::Strike,
            Tag::Link { link_type, dest_url, .. } | Tag::Image { link_type, dest_url, .. } => {
                self.link(link_type, &dest_url)
            }
            _ => Open::Paragraph,
        };
        let is_inline =
            matches!(open, Open::Emphasis | Open::Strong | Open::Strike | Open::Link(_) | Open::Words | Open::AsTyped);
        // What stands within a line is counted when the line is whole.
        if !is_inline {
            self.count(1)?;
            self.flush()?;
        }
        self.stack.push(Frame::new(open, range));
        Some(())
    }

    fn link(&mut self, kind: LinkType, address: &str) -> Open {
        let to = if kind == LinkType::Email { format!("mailto:{address}") } else { address.to_owned() };
        if !addresses::may_lead(&to) {
            return Open::AsTyped;
        }
        if self.links > 0 {
            return Open::Words;
        }
        self.links += 1;
        Open::Link(to)
    }

    /// Something has ended: it becomes part of what it is in.
    fn close(&mut self, frame: Frame) -> Option<()> {
        self.stack.push(frame);
        self.flush()?;
        let mut frame = self.stack.pop()?;
        match frame.open {
            Open::Root => None,
            Open::Paragraph | Open::Html | Open::Quote => {
                let block = match frame.open {
                    Open::Quote => Block::Quote(frame.blocks),
                    _ => frame.blocks.pop()?,
                };
                self.block(block)
            }
            Open::Heading(level) => {
                let of = self.line(frame.pieces)?;
                self.block(Block::Heading { level, of })
            }
            Open::List(start) => self.block(Block::List { start, items: frame.items }),
            Open::Item => {
                self.top()?.items.push(Item { done: frame.done, of: frame.blocks });
                Some(())
            }
            Open::Code(language) => {
                let mut text = only_words(frame.pieces);
                text.truncate(text.strip_suffix('\n').map_or(text.len(), str::len));
                self.block(Block::Code { language, text })
            }
            Open::Table(columns) => {
                let mut rows = frame.rows.into_iter();
                let head = rows.next()?;
                self.block(Block::Table { columns, head, rows: rows.collect() })
            }
            Open::Row => {
                self.top()?.rows.push(frame.cells);
                Some(())
            }
            Open::Cell => {
                let cell = self.line(frame.pieces)?;
                self.top()?.cells.push(cell);
                Some(())
            }
            _ => self.close_inline(frame),
        }
    }

    fn close_inline(&mut self, frame: Frame) -> Option<()> {
        let node = match frame.open {
            Open::Emphasis => Inline::Emphasis(self.line(frame.pieces)?),
            Open::Strong => Inline::Strong(self.line(frame.pieces)?),
            Open::Strike => Inline::Strike(self.line(frame.pieces)?),
            Open::Link(to) => {
                let mut of = self.line(frame.pieces)?;
                self.links -= 1;
                if of.is_empty() {
                    self.count(1)?;
                    of.push(Inline::Text(to.clone()));
                }
                Inline::Link { to, of }
            }
            Open::AsTyped => {
                let (text, range) = (self.text, frame.range);
                let inner = frame.inner.unwrap_or(range.end..range.end);
                let pieces = &mut self.top()?.pieces;
                push_words(pieces, text.get(range.start..inner.start)?);
                append(pieces, frame.pieces);
                push_words(pieces, text.get(inner.end..range.end)?);
                return Some(());
            }
            _ => {
                append(&mut self.top()?.pieces, frame.pieces);
                return Some(());
            }
        };
        self.top()?.pieces.push(Piece::Node(node));
        Some(())
    }

    /// What stood in a block without a paragraph of its own gets one: in a tight list, and where the block is a paragraph.
    fn flush(&mut self) -> Option<()> {
        let top = self.top()?;
        let is_block = matches!(top.open, Open::Item | Open::Paragraph | Open::Html | Open::Quote | Open::Root);
        if !is_block || (top.pieces.is_empty() && !matches!(top.open, Open::Paragraph | Open::Html)) {
            return Some(());
        }
        let mut pieces = std::mem::take(&mut top.pieces);
        if let (Open::Html, Some(Piece::Words(words))) = (&top.open, pieces.last_mut()) {
            words.truncate(words.trim_end().len());
        }
        if matches!(top.open, Open::Item) {
            self.count(1)?;
        }
        let of = self.line(pieces)?;
        self.top()?.blocks.push(Block::Paragraph(of));
        Some(())
    }

    fn block(&mut self, block: Block) -> Option<()> {
        self.flush()?;
        self.top()?.blocks.push(block);
        Some(())
    }

    fn line(&mut self, pieces: Vec<Piece>) -> Option<Vec<Inline>> {
        let room = TREE_DEPTH_MAX.checked_sub(self.stack.len())?;
        // An address becomes a link one deeper: where there is no room for one, it stays words.
        let (line, nodes) = finish(pieces, self.links == 0 && room > 0, room)?;
        self.count(nodes)?;
        Some(line)
    }

    fn words(&mut self, words: &str, range: Range<usize>) -> Option<()> {
        let top = self.stack.last_mut()?;
        if let Open::Code(_) | Open::Html = top.open {
            push_words(&mut top.pieces, words);
            return Some(());
        }
        let escaped = range.start > 0
            && self.text.as_bytes().get(range.start - 1) == Some(&b'\\')
            && self.run.as_ref().is_none_or(|run| run.end < range.start);
        // An escaped pipe opens nothing, and the one behind it is alone.
        let plain = words.len() - if escaped { words.trim_start_matches('|').len() } else { words.len() };
        push_words(&mut top.pieces, &words[..plain]);
        push_written(&mut top.pieces, &words[plain..]);
        self.run = Some(self.run.take().map_or(range.start, |run| run.start)..range.end);
        Some(())
    }

    /// Words side by side have ended. Where markup was found within an address that goes on behind them, there is none.
    fn end_run(&mut self) {
        let Some(run) = self.run.take().filter(|_| self.links == 0) else { return };
        let known = self.escape.last().map_or(0, |last| last + 1);
        let begun = self.text.get(run.clone()).and_then(addresses::begun_last).map(|at| at + run.start);
        let Some(begun) = begun.filter(|begun| *begun >= known) else { return };
        let end = begun + addresses::extent(&self.text[begun..]);
        if end > run.end {
            let bytes = self.text.as_bytes();
            self.escape.extend((begun..end).filter(|at| b"*_~".contains(&bytes[*at])));
        }
    }

    fn count(&mut self, nodes: usize) -> Option<()> {
        self.nodes += nodes;
        (self.nodes <= TREE_NODES_MAX).then_some(())
    }

    fn top(&mut self) -> Option<&mut Frame> {
        self.stack.last_mut()
    }
}

fn append(pieces: &mut Vec<Piece>, more: Vec<Piece>) {
    for piece in more {
        match piece {
            Piece::Words(words) => push_words(pieces, &words),
            piece => pieces.push(piece),
        }
    }
}

fn only_words(pieces: Vec<Piece>) -> String {
    let words = pieces.into_iter().map(|piece| if let Piece::Words(words) = piece { words } else { String::new() });
    words.collect()
}

fn align(alignment: Alignment) -> Align {
    match alignment {
        Alignment::None => Align::None,
        Alignment::Left => Align::Left,
        Alignment::Center => Align::Center,
        Alignment::Right => Align::Right,
    }
}

/// The language a fence names, and what of its line is code: where more than a name stands there, nothing of it is lost.
fn fence(kind: &CodeBlockKind<'_>) -> (String, String) {
    let CodeBlockKind::Fenced(info) = kind else { return (String::new(), String::new()) };
    let is_name = info.len() <= LANGUAGE_BYTES_MAX
        && info.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+#-_.".contains(&byte));
    if is_name { (info.to_string(), String::new()) } else { (String::new(), format!("{info}\n")) }
}
