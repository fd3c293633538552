//! The text of a file without people: before a byte of it is written, logins and addresses become pseudonyms, and comments go.
//!
//! Lines are masked one by one and keep their numbers, for files are often broken, and what is wrong in them is told by line. Whatever
//! stands where a person may stand counts as one: a name too many costs little, one too few is a leak.

use crate::privacy::Pseudonyms;

use super::file_path::FileKind;

/// YAML keys whose values say nothing that is needed, and may name people or hold secrets.
const DROPPED: [&str; 6] = ["description", "displayname", "email", "picture", "registries", "username"];
/// The last word of YAML keys whose values are secrets: `pagerduty.com/integration-key`.
const SECRET: [&str; 4] = ["key", "password", "secret", "token"];
/// YAML keys whose values are people or teams.
const PEOPLE: [&str; 6] = ["reviewers", "assignees", "members", "maintainers", "authors", "contacts"];

/// Masks the text of a file of this kind.
pub(super) fn mask(kind: FileKind, text: &str, pseudonyms: &Pseudonyms) -> String {
    let masker = Masker { pseudonyms };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<String> = match kind {
        FileKind::Codeowners => text.lines().map(|line| masker.codeowners_line(line)).collect(),
        FileKind::GoMod => text.lines().map(|line| masker.text(&go_mod_line(line))).collect(),
        _ => masker.yaml(text),
    };
    let mut masked = lines.join("\n");
    if text.ends_with('\n') {
        masked.push('\n');
    }
    masked
}

struct Masker<'a> {
    pseudonyms: &'a Pseudonyms,
}

impl Masker<'_> {
    /// The same pseudonym as everywhere else, so that an owner can be found among a team's members.
    fn login(&self, login: &str) -> String {
        self.pseudonyms.of("github", login).to_string()
    }

    fn address(&self, address: &str) -> String {
        format!("email:{}", self.pseudonyms.of("email", address))
    }

    /// Somebody who is named: a team stays, anybody else may be a person.
    fn somebody(&self, word: &str) -> String {
        match word.strip_prefix('@') {
            Some(handle) if is_team(handle) => word.to_owned(),
            Some(handle) => format!("@{}", self.login(handle)),
            None if word.contains('@') => self.address(word),
            None => self.login(word),
        }
    }

    /// A pattern and its owners; a space of the pattern is escaped and ends nothing.
    fn codeowners_line(&self, line: &str) -> String {
        let words = codeowners_words(line);
        let masked = words.iter().enumerate().map(|(place, word)| match place {
            // Somebody may have forgotten the pattern.
            0 if !word.contains('@') || (word.contains(['/', '*', '\\']) && !word.starts_with('@')) => word.clone(),
            _ => self.somebody(word),
        });
        masked.collect::<Vec<_>>().join(" ")
    }

    /// Documents of YAML, or of what was meant to be.
    fn yaml(&self, text: &str) -> Vec<String> {
        let lines: Vec<&str> = text.lines().collect();
        let documents = lines.chunk_by(|_, next| !next.starts_with("---"));
        documents.flat_map(|lines| self.yaml_document(lines)).collect()
    }

    fn yaml_document(&self, lines: &[&str]) -> Vec<String> {
        if lines.iter().any(|line| is_user(line)) {
            let blank = |line: &&str| if line.starts_with("---") { "---".to_owned() } else { String::new() };
            return lines.iter().map(blank).collect();
        }
        let mut within = Within::Else;
        lines.iter().map(|line| self.yaml_line(line, &mut within)).collect()
    }

    /// One line, given the key whose value it may go on with.
    fn yaml_line(&self, line: &str, within: &mut Within) -> String {
        let line = without_comment(line);
        let entry = line.trim_start();
        let indent = line.len() - entry.len();
        match *within {
            Within::Dropped(key) if entry.is_empty() || indent > key => return String::new(),
            Within::People(key) if entry.is_empty() || indent > key || (indent == key && entry.starts_with("- ")) => {
                return self.people(line);
            }
            _ => *within = Within::Else,
        }
        // The key of a list's item stands behind the dash.
        let body = entry.trim_start_matches(['-', ' ']);
        let column = line.len() - body.len();
        let Some((key, value)) = body.split_once(':') else { return self.flow(line) };
        let head = &line[..line.len() - value.len()];
        match Meaning::of(key) {
            Meaning::Dropped => {
                *within = Within::Dropped(column);
                head.to_owned()
            }
            Meaning::People => {
                *within = Within::People(column);
                format!("{head}{}", self.people(value))
            }
            Meaning::Else => self.flow(line),
        }
    }

    /// Everybody who is named in a list, in whatever way it is written.
    fn people(&self, list: &str) -> String {
        by_word(list, |word| match word {
            "-" | "|" | ">" => word.to_owned(),
            _ if is_team(word.trim_start_matches('@')) || word.to_ascii_lowercase().starts_with("group:") => word.to_owned(),
            _ => match word.rsplit_once([':', '/']) {
                Some((kind, login)) if !login.is_empty() => format!("{kind}{}{}", &word[kind.len()..=kind.len()], self.somebody(login)),
                _ => self.somebody(word),
            },
        })
    }

    /// A line that may hold `{key: value, …}`.
    fn flow(&self, line: &str) -> String {
        let mut masked = String::new();
        let mut rest = line;
        while let Some(place) = rest.find(['{', ',']) {
            let (before, after) = rest.split_at(place + 1);
            masked.push_str(&self.text(before));
            rest = after;
            let Some((key, value)) = after.split_once(':').filter(|(key, _)| !key.contains(['{', ',', '}'])) else { continue };
            let meaning = Meaning::of(key);
            if meaning != Meaning::Else {
                let (value, others) = value.split_at(end_of_flow_value(value));
                masked.push_str(key);
                masked.push(':');
                if meaning == Meaning::People {
                    masked.push_str(&self.people(value));
                }
                rest = others;
            }
        }
        masked.push_str(&self.text(rest));
        masked
    }

    /// Text in which somebody may be named: `user:default/login`, `@login`, an address, an account within a URL.
    fn text(&self, text: &str) -> String {
        by_word(text, |word| {
            let word = match word.split_once("://") {
                Some((scheme, rest)) => format!("{scheme}://{}", without_account(rest)),
                None => word.to_owned(),
            };
            self.handles(&self.references(&word))
        })
    }

    /// `user:login` and `user:namespace/login`.
    fn references(&self, word: &str) -> String {
        let lower = word.to_ascii_lowercase();
        let Some(place) = lower.find("user:").filter(|&place| !lower[..place].ends_with(is_handle)) else { return word.to_owned() };
        let (before, login) = word.split_at(place + "user:".len());
        let (namespace, login) = login.split_at(login.find('/').map_or(0, |slash| slash + 1));
        if login.is_empty() { word.to_owned() } else { format!("{before}{namespace}{}", self.login(login)) }
    }

    /// Whatever an `@` stands in: a team or a scope and a version stay.
    fn handles(&self, word: &str) -> String {
        let mut masked = String::new();
        let mut rest = word;
        while let Some(at) = rest.find('@') {
            let (before, after) = (&rest[..at], &rest[at + 1..]);
            let local = &before[before.trim_end_matches(is_local).len()..];
            let handle = &after[..after.find(|c| !is_local(c)).unwrap_or(after.len())];
            let (kept, behind) = (&before[..before.len() - local.len()], &after[handle.len()..]);
            masked.push_str(kept);
            rest = behind;
            if local.is_empty() && !handle.is_empty() && !(masked.is_empty() && is_scope(behind)) {
                masked.push_str(&format!("@{}", self.login(handle)));
            } else if !local.is_empty() && is_domain(handle) {
                masked.push_str(&self.address(&format!("{local}@{handle}")));
            } else {
                masked.push_str(&format!("{local}@{handle}"));
            }
        }
        masked.push_str(rest);
        masked
    }
}

/// What a line of YAML goes on with, and the column of the key.
#[derive(Clone, Copy)]
enum Within {
    Dropped(usize),
    People(usize),
    Else,
}

/// What the value of a key is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Dropped,
    People,
    Else,
}

impl Meaning {
    fn of(key: &str) -> Self {
        let key = key.trim_matches([' ', '\t', '"', '\'', '?']).to_ascii_lowercase();
        match key.as_str() {
            key if DROPPED.contains(&key) => Self::Dropped,
            key if key.rsplit(['-', '_', '.', '/']).next().is_some_and(|word| SECRET.contains(&word)) => Self::Dropped,
            key if PEOPLE.contains(&key) => Self::People,
            _ => Self::Else,
        }
    }
}

fn codeowners_words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_between = true;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '#' if is_between => break,
            _ if letter.is_whitespace() => is_between = true,
            _ => {
                if is_between {
                    words.push(String::new());
                    is_between = false;
                }
                let word = words.last_mut();
                let escaped = if letter == '\\' { letters.next() } else { None };
                if let Some(word) = word {
                    word.push(letter);
                    word.extend(escaped);
                }
            }
        }
    }
    words
}

/// A line of `go.mod` without its comment, unless that is the one that means something.
fn go_mod_line(line: &str) -> String {
    match line.split_once("//") {
        Some((code, comment)) if comment.trim().split(';').next().is_some_and(|word| word.trim() == "indirect") => {
            format!("{code}// indirect")
        }
        Some((code, _)) => code.trim_end().to_owned(),
        None => line.to_owned(),
    }
}

/// A line of YAML without its comment, which a quoted value may hold the sign of.
fn without_comment(line: &str) -> &str {
    let mut before = ' ';
    // Where a value can begin, and so a quote.
    let mut can_quote = true;
    let mut skip_to = 0;
    for (place, letter) in line.char_indices() {
        if place < skip_to {
            continue;
        }
        match letter {
            '#' if before.is_whitespace() => return line[..place].trim_end(),
            '"' | '\'' if can_quote => {
                let end = end_of_quoted(&line[place..]);
                skip_to = end.map_or(skip_to, |end| place + end);
                can_quote = false;
            }
            ':' | '[' | '{' | ',' | '-' | '?' => can_quote = true,
            _ if letter.is_whitespace() => {}
            _ => can_quote = false,
        }
        before = letter;
    }
    line.trim_end()
}

/// Where a quoted value ends that the text begins with; nothing if it does not on this line.
fn end_of_quoted(text: &str) -> Option<usize> {
    let quote = text.chars().next()?;
    let mut escaped = false;
    for (place, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            _ if letter == quote => return Some(place + 1),
            _ => {}
        }
    }
    None
}

/// Where a value ends that stands within braces.
fn end_of_flow_value(text: &str) -> usize {
    let value = text.trim_start();
    let start = text.len() - value.len();
    if value.starts_with(['"', '\'']) {
        return end_of_quoted(value).map_or(text.len(), |end| start + end);
    }
    let mut depth = 0_usize;
    for (place, letter) in value.char_indices() {
        match letter {
            '[' | '{' => depth += 1,
            ',' | '}' | ']' if depth == 0 => return start + place,
            ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// Whether a line makes its document one about a person.
fn is_user(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let values = line.match_indices("kind").map(|(place, word)| line[place + word.len()..].trim_start_matches(['"', '\'', ' ', '\t']));
    let words = values.filter_map(|rest| rest.strip_prefix(':')).map(|rest| rest.trim_start_matches(['"', '\'', ' ', '\t']));
    words.into_iter().any(|word| word.strip_prefix("user").is_some_and(|rest| !rest.starts_with(is_handle)))
}

/// Puts something else in the place of each word.
fn by_word(text: &str, mut mask: impl FnMut(&str) -> String) -> String {
    let is_between = |letter: char| letter.is_whitespace() || ",[]{}\"'()<>;`".contains(letter);
    let mut masked = String::with_capacity(text.len());
    for part in text.split_inclusive(is_between) {
        let word = part.trim_end_matches(is_between);
        if !word.is_empty() {
            masked.push_str(&mask(word));
        }
        masked.push_str(&part[word.len()..]);
    }
    masked
}

fn is_team(handle: &str) -> bool {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(is_local);
    handle.split_once('/').is_some_and(|(organization, team)| is_name(organization) && is_name(team))
}

/// Whether what follows `@scope` makes it one.
fn is_scope(behind: &str) -> bool {
    behind.strip_prefix('/').is_some_and(|name| name.starts_with(is_handle))
}

fn is_domain(text: &str) -> bool {
    text.trim_end_matches('.').rsplit_once('.').is_some_and(|(_, last)| last.len() > 1 && last.chars().all(char::is_alphabetic))
}

fn is_handle(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '-' || letter == '_'
}

/// What the part of an address before its `@` is made of.
fn is_local(letter: char) -> bool {
    is_handle(letter) || ".%+".contains(letter)
}

/// The rest of a URL without the account, and so without its password.
fn without_account(rest: &str) -> &str {
    let host = rest.find('/').unwrap_or(rest.len());
    rest[..host].rfind('@').map_or(rest, |at| &rest[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(kind: FileKind, text: &str) -> String {
        let pseudonyms = Pseudonyms::new(&"key".into());
        let named = [("github", "ada", "<ada>"), ("github", "bob", "<bob>"), ("email", "ada@sea.example", "<mail>")];
        let named = named.map(|(source, name, short)| (pseudonyms.of(source, name).to_string(), short));
        named.iter().fold(mask(kind, text, &pseudonyms), |text, (pseudonym, short)| text.replace(pseudonym, short))
    }

    #[test]
    fn owners_are_masked_and_patterns_stay() {
        let text = "\u{feff}# Ask Ada first\n*  @sea/lamps @Ada # she knows\n/a\\ b/\tada@sea.example\\\n\\#x @ada/ ada\n[Lamps] @sea/lamps bob\n\
                    !/vendor/ @bob\n@bob\nada@sea.example\n/icons@2x.png @sea/lamps\n/generated/\n";
        let expected = "\n* @sea/lamps @<ada>\n/a\\ b/ email:<odd>\n\\#x @<odd> <ada>\n[Lamps] @sea/lamps <bob>\n\
                        !/vendor/ @<bob>\n@<bob>\nemail:<mail>\n/icons@2x.png @sea/lamps\n/generated/\n";
        let masked = masked(FileKind::Codeowners, text);
        let pseudonyms = Pseudonyms::new(&"key".into());
        let odd = [pseudonyms.of("email", "ada@sea.example\\"), pseudonyms.of("github", "ada/")];
        assert_eq!(odd.iter().fold(masked, |text, odd| text.replace(&odd.to_string(), "<odd>")), expected);
    }

    #[test]
    fn a_module_keeps_what_it_requires() {
        let text = "module sea.example/pay // Ada's\n\ngo 1.24\nrequire (\n\tbrass.example/rivet v1.0.0 // indirect\n\ta.example/b v2.0.0 // bob wants it\n)\n// ada\n";
        let expected =
            "module sea.example/pay\n\ngo 1.24\nrequire (\n\tbrass.example/rivet v1.0.0 // indirect\n\ta.example/b v2.0.0\n)\n\n";
        assert_eq!(masked(FileKind::GoMod, text), expected);
    }

    #[test]
    fn a_catalogue_entry_names_no_person() {
        let text = "# by Ada\nkind: Component\nmetadata:\n  name: pay # bob\n  title: \"Pay # 1\"\n  description: >-\n    Ada wrote it.\n\n    So.\n  \
                    annotations:\n    a.example/slug: sea/pay\n    a.example/lead: '@ada'\n    a.example/integration-key: x1\n  links:\n  - url: https://bob:pw@sea.example/@ada/x\n    \
                    description: of Ada\n  - {url: 'mailto:ada@sea.example', description: \"a, b\", title: it's # 2}\nspec:\n  \
                    owner: user:default/ada\n  system: lamps\n---\nkind: User\nmetadata:\n  name: ada\n---\nkind: Group\nspec:\n  members: [ada, \"bob\"]\n  \
                    members:\n  - user:ada\n  - group:default/x\n  children: []\n";
        let expected = "\nkind: Component\nmetadata:\n  name: pay\n  title: \"Pay # 1\"\n  description:\n\n\n\n  \
                        annotations:\n    a.example/slug: sea/pay\n    a.example/lead: '@<ada>'\n    a.example/integration-key:\n  links:\n  - url: https://sea.example/@<ada>/x\n    \
                        description:\n  - {url: 'mailto:email:<mail>', description:, title: it's\nspec:\n  \
                        owner: user:default/<ada>\n  system: lamps\n---\n\n\n\n---\nkind: Group\nspec:\n  members: [<ada>, \"<bob>\"]\n  \
                        members:\n  - user:<ada>\n  - group:default/x\n  children: []\n";
        assert_eq!(masked(FileKind::CatalogInfo, text), expected);
    }

    #[test]
    fn dependabot_is_told_by_team() {
        let text = "version: 2\nregistries:\n  ours:\n    url: https://x.example\n    username: ada\nupdates:\n  - package-ecosystem: npm\n    \
                    reviewers: [ada, sea/lamps]\n    assignees:\n      - \"@bob\"\n      - '@sea/lamps'\n    allow:\n      - dependency-name: \"@types/node\"\n    \
                    commit-message:\n      prefix: ada@sea.example\n";
        let expected = "version: 2\nregistries:\n\n\n\nupdates:\n  - package-ecosystem: npm\n    \
                        reviewers: [<ada>, sea/lamps]\n    assignees:\n      - \"@<bob>\"\n      - '@sea/lamps'\n    allow:\n      - dependency-name: \"@types/node\"\n    \
                        commit-message:\n      prefix: email:<mail>\n";
        assert_eq!(masked(FileKind::DependabotConfig, text), expected);
    }

    #[test]
    fn no_text_is_too_odd() {
        for text in [
            "",
            "\n",
            "{",
            "{,:",
            "key: {",
            "- - -",
            "@",
            "a@",
            "user:",
            "'",
            "\"\\",
            "members:\n-",
            "\u{e9}@\u{e9}.\u{e9}\u{e9}",
            "a: {b: [}]}]",
        ] {
            for kind in [FileKind::Codeowners, FileKind::GoMod, FileKind::CatalogInfo] {
                assert_eq!(mask(kind, text, &Pseudonyms::new(&"key".into())).lines().count(), text.lines().count(), "{text:?}");
            }
        }
    }
}
