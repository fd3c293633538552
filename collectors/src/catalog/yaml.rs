//! YAML as far as descriptors need it: texts, lists and mappings, each with the line that it stands on.
//!
//! A text is cut into its documents before any of them is parsed, so that a broken one leaves its neighbours alone. Numbers and booleans
//! stay the text that they are written as. What an alias stands for is shared and never copied, and nothing is deeper than
//! [`MAX_DEPTH`]: a small text cannot become a large tree.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
};

use saphyr_parser::{Event, Parser, ScalarStyle};

/// Deeper than any descriptor, and far from where the stack would end.
const MAX_DEPTH: usize = 64;

/// What is wrong, and where. It never repeats a value, which might be somebody's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) line: usize,
    pub(super) text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.text)
    }
}

/// One document of a text.
#[derive(Debug)]
pub(super) struct Document<'a> {
    /// The line of the whole text that its content begins on.
    pub(super) line: usize,
    /// Its own text, with the `---` that it begins with.
    pub(super) text: &'a str,
    /// Lines of the whole text before that.
    before: usize,
}

/// The documents of a text, without those that nothing stands in.
pub(super) fn documents(text: &str) -> Vec<Document<'_>> {
    let mut found = Vec::new();
    let (mut start, mut before, mut lines, mut end) = (0, 0, 0, 0);
    for line in text.split_inclusive('\n') {
        if after_marker(line).is_some() {
            found.extend(Document::of(&text[start..end], before));
            (start, before) = (end, lines);
        }
        (lines, end) = (lines + 1, end + line.len());
    }
    found.extend(Document::of(&text[start..], before));
    found
}

/// What follows the `---` that a document begins with; nothing where the line is another.
fn after_marker(line: &str) -> Option<&str> {
    line.strip_prefix("---").filter(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

/// Whether a line holds more than a comment, a directive or the mark of a document's begin or end.
fn has_content(line: &str) -> bool {
    let content = after_marker(line).unwrap_or(line).trim();
    !(content.is_empty() || content.starts_with('#') || content == "..." || line.starts_with('%'))
}

impl<'a> Document<'a> {
    fn of(text: &'a str, before: usize) -> Option<Self> {
        let place = text.lines().position(has_content)?;
        Some(Self { line: before + place + 1, text, before })
    }

    /// What stands in it.
    pub(super) fn parse(&self) -> Result<Node, Problem> {
        let mut tree = Tree::default();
        let last = self.before + self.text.lines().count();
        for event in Parser::new_from_str(self.text) {
            // The end of a text counts as the line behind it.
            let at = |line: usize| (self.before + line).clamp(self.line, last);
            let (event, span) =
                event.map_err(|error| Problem { line: at(error.marker().line()), text: format!("this is no YAML: {}", error.info()) })?;
            let line = at(span.start.line());
            tree.take(event, line).map_err(|text| Problem { line, text: text.to_owned() })?;
        }
        Ok(tree.root.unwrap_or_else(|| Node::new(self.line, Value::Nothing, 0)))
    }
}

/// A value and the line that it begins on.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) line: usize,
    depth: usize,
    value: Arc<Value>,
}

#[derive(Debug)]
enum Value {
    Nothing,
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    /// The line of the key.
    pub(super) line: usize,
    pub(super) value: Node,
}

impl Node {
    fn new(line: usize, value: Value, depth: usize) -> Self {
        Self { line, depth, value: Arc::new(value) }
    }

    /// Nothing stands here: `null`, `~` or no word at all.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(*self.value, Value::Nothing)
    }

    /// The text that stands here.
    pub(super) fn text(&self) -> Option<&str> {
        match &*self.value {
            Value::Text(text) => Some(text.trim()),
            _ => None,
        }
    }

    /// The items of a list; a text alone is a list of one.
    pub(super) fn items(&self) -> Option<&[Node]> {
        match &*self.value {
            Value::List(items) => Some(items),
            Value::Text(_) => Some(std::slice::from_ref(self)),
            _ => None,
        }
    }

    /// The entries of a mapping.
    pub(super) fn entries(&self) -> Option<&[Entry]> {
        match &*self.value {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entry of this key, unless nothing stands there.
    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        self.entries()?.iter().find(|entry| entry.key == key && !entry.value.is_nothing())
    }
}

/// A tree as it grows.
#[derive(Default)]
struct Tree {
    root: Option<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
}

/// A list or mapping that has not ended yet.
struct Open {
    line: usize,
    anchor: usize,
    depth: usize,
    holds: Holds,
}

enum Holds {
    Items(Vec<Node>),
    Entries { entries: Vec<Entry>, keys: HashSet<String>, key: Option<(String, usize)> },
}

impl Tree {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), &'static str> {
        match event {
            Event::DocumentStart(_) if self.root.is_some() => return Err("a second document begins here; begin it with `---`"),
            Event::Scalar(text, style, anchor, _) => {
                let is_nothing = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let value = if is_nothing { Value::Nothing } else { Value::Text(text.into_owned()) };
                self.close(Node::new(line, value, 0), anchor)?;
            }
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).ok_or("an alias stands within what it is the alias of")?;
                self.put(Node { line, ..node.clone() })?;
            }
            Event::SequenceStart(anchor, _) => self.begin(line, anchor, Holds::Items(Vec::new()))?,
            Event::MappingStart(anchor, _) => {
                self.begin(line, anchor, Holds::Entries { entries: Vec::new(), keys: HashSet::new(), key: None })?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(Open { line, anchor, depth, holds }) = self.open.pop() {
                    let value = match holds {
                        Holds::Items(items) => Value::List(items),
                        Holds::Entries { entries, .. } => Value::Map(entries),
                    };
                    self.close(Node::new(line, value, depth + 1), anchor)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, line: usize, anchor: usize, holds: Holds) -> Result<(), &'static str> {
        self.open.push(Open { line, anchor, depth: 0, holds });
        if self.open.len() > MAX_DEPTH { Err("this is nested too deep") } else { Ok(()) }
    }

    /// A value is complete; an anchor gives it a name.
    fn close(&mut self, node: Node, anchor: usize) -> Result<(), &'static str> {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        self.put(node)
    }

    fn put(&mut self, node: Node) -> Result<(), &'static str> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        // An alias brings its depth along.
        open.depth = open.depth.max(node.depth);
        if open.depth >= MAX_DEPTH {
            return Err("this is nested too deep");
        }
        match &mut open.holds {
            Holds::Items(items) => items.push(node),
            Holds::Entries { entries, keys, key } => match key.take() {
                Some((key, line)) => entries.push(Entry { key, line, value: node }),
                None => {
                    let name = node.text().ok_or("a key is no text")?.to_owned();
                    if !keys.insert(name.clone()) {
                        return Err("a key stands twice in one mapping");
                    }
                    *key = Some((name, node.line));
                }
            },
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        documents(text)[0].parse().unwrap_err().to_string()
    }

    #[test]
    fn a_document_begins_where_its_content_does() {
        let text = "# Ours\n---\n# Pay\nkind: A\n---\n---   # none\n\n--- {kind: B}\n---x: 1\n---\nkind: C\n...\n---\n...\n";
        let found: Vec<_> = documents(text).iter().map(|document| (document.line, document.parse().map(|node| node.line))).collect();
        assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [4, 8, 11]);
        assert_eq!((&found[0].1, &found[2].1), (&Ok(4), &Ok(11)));
        assert!(found[1].1.is_err(), "a plain line below braces is none of YAML's");
        assert!(documents("").is_empty() && documents("# only this\n\n---\n").is_empty());
        assert_eq!(documents("%YAML 1.2\n---\r\nkind: A\r\n")[0].line, 3);
    }

    #[test]
    fn values_are_as_they_are_written() {
        let text = "text: 'a'\nnumber: 1.0\nyes: true\nnone: ~\nblank:\nquoted: \"null\"\nlist: [a, 2]\nwith:\n  - one: &it {x: y}\n    two: *it\nlong: >\n  a\n  b\n";
        let root = documents(text)[0].parse().unwrap();
        let text = |key: &str| root.get(key).and_then(|entry| entry.value.text());
        assert_eq!([text("text"), text("number"), text("yes"), text("quoted")], [Some("a"), Some("1.0"), Some("true"), Some("null")]);
        assert_eq!((text("none"), text("blank"), text("list"), text("long")), (None, None, None, Some("a b")));
        let items = |key: &str| root.get(key).and_then(|entry| entry.value.items()).map(<[Node]>::len);
        assert_eq!((items("list"), items("text"), items("none")), (Some(2), Some(1), None));
        let with = &root.get("with").unwrap().value.items().unwrap()[0];
        let two = with.get("two").unwrap();
        assert_eq!((two.line, two.value.get("x").unwrap().value.text()), (10, Some("y")));
    }

    #[test]
    fn what_is_no_yaml_is_told_with_its_line_and_without_its_words() {
        assert_eq!(
            problem("---\nkind: A\nmetadata:\n\tname: ada\n"),
            "line 4: this is no YAML: tabs disallowed within this context (block indentation)"
        );
        for (text, line) in [
            ("a: 1\nb: \"ada\nc: 2\n", 2),
            ("a\n  b: ada\n", 2),
            ("a: [1, ada\n", 1),
            ("a: ada\na: ada\n", 2),
            ("{[ada]: 1}\n", 1),
            ("a: *ada\n", 1),
            ("a: &ada [*ada]\n", 1),
            ("a: 1\n...\nb: ada\n", 3),
        ] {
            let problem = documents(text)[0].parse().unwrap_err();
            assert!(problem.line >= line && !problem.text.contains("ada"), "{text:?}: {problem}");
        }
    }

    #[test]
    fn a_small_text_makes_no_large_tree() {
        let mut laughs = "a0: &a0 [x, x]\n".to_owned();
        for level in 1..60 {
            laughs.push_str(&format!("a{level}: &a{level} [*a{0}, *a{0}, *a{0}]\n", level - 1));
        }
        assert!(documents(&laughs)[0].parse().is_ok(), "what is shared costs nothing");
        for level in 60..500 {
            laughs.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
        }
        assert!(problem(&laughs).ends_with("this is nested too deep"));
        for (open, times) in [("[", 100_000), ("{a: ", 100_000), ("- ", 100_000)] {
            assert!(documents(&open.repeat(times))[0].parse().is_err());
        }
    }
}
