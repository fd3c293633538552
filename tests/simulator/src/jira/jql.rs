//! The language that issues are asked for in, as far as it is understood here: comparisons, `AND`, `OR`, `NOT`, brackets, `ORDER BY`.

use chrono::NaiveDateTime;

use crate::company::requests::{COMPONENTS, PROJECTS, Request, STATUSES, State, TYPES};
use crate::jira::ZONE_SECONDS;

/// What is asked for, and in which order.
#[derive(Debug)]
pub(super) struct Jql {
    /// Nothing asks for everything.
    pub(super) condition: Option<Condition>,
    order: Vec<(Field, bool)>,
}

/// What must hold.
#[derive(Debug)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    /// Whether the field is one of these.
    Among(Field, Vec<String>),
    /// Whether the moment lies so, seen from the other one, in Unix seconds.
    Moment(Field, Comparison, i64),
}

/// How two moments lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Before,
    UpTo,
    From,
    After,
}

/// What may be asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Project,
    Type,
    Component,
    Labels,
    Status,
    Key,
    Created,
    Updated,
}

impl Field {
    fn of(name: &str) -> Result<Field, String> {
        match name.to_ascii_lowercase().as_str() {
            "project" => Ok(Field::Project),
            "issuetype" | "type" => Ok(Field::Type),
            "component" => Ok(Field::Component),
            "labels" => Ok(Field::Labels),
            "status" => Ok(Field::Status),
            "key" | "issuekey" | "issue" | "id" => Ok(Field::Key),
            "created" | "createddate" => Ok(Field::Created),
            "updated" | "updateddate" => Ok(Field::Updated),
            _ => Err(format!("Field '{name}' does not exist or you do not have permission to view it.")),
        }
    }

    fn is_moment(self) -> bool {
        matches!(self, Field::Created | Field::Updated)
    }

    /// Whether there is such a value; any word may be a label or the name of something that was deleted.
    fn knows(self, value: &str) -> bool {
        let mut names: Box<dyn Iterator<Item = &str>> = match self {
            Field::Project => Box::new(PROJECTS.iter().flat_map(|project| [project.key, project.name])),
            Field::Type => Box::new(TYPES.iter().map(|kind| kind.name())),
            Field::Component => Box::new(COMPONENTS.into_iter()),
            Field::Status => Box::new(STATUSES.iter().map(|status| status.name())),
            Field::Labels | Field::Key | Field::Created | Field::Updated => return true,
        };
        names.any(|name| name.eq_ignore_ascii_case(value))
    }

    fn has(self, request: &Request, state: &State, value: &str) -> bool {
        match self {
            Field::Project => [request.project.key, request.project.name].iter().any(|name| name.eq_ignore_ascii_case(value)),
            Field::Type => request.kind.name().eq_ignore_ascii_case(value),
            Field::Component => request.component.is_some_and(|name| name.eq_ignore_ascii_case(value)),
            Field::Labels => state.labels.contains(&value),
            Field::Status => state.status.name().eq_ignore_ascii_case(value),
            Field::Key => request.key().eq_ignore_ascii_case(value) || request.id.to_string() == value,
            Field::Created | Field::Updated => false,
        }
    }
}

impl Condition {
    /// Whether it holds.
    pub(super) fn holds(&self, request: &Request, state: &State) -> bool {
        match self {
            Condition::All(parts) => parts.iter().all(|part| part.holds(request, state)),
            Condition::Any(parts) => parts.iter().any(|part| part.holds(request, state)),
            Condition::Not(part) => !part.holds(request, state),
            Condition::Among(field, values) => values.iter().any(|value| field.has(request, state, value)),
            Condition::Moment(field, comparison, other) => {
                let at = if *field == Field::Created { request.created_at } else { state.updated_at };
                match comparison {
                    Comparison::Before => at < *other,
                    Comparison::UpTo => at <= *other,
                    Comparison::From => at >= *other,
                    Comparison::After => at > *other,
                }
            }
        }
    }
}

impl Jql {
    /// Reads it. The error is what Jira says to what it does not understand.
    pub(super) fn parse(text: &str) -> Result<Jql, String> {
        let mut reader = Reader { tokens: tokens(text)?, place: 0 };
        let condition = match reader.peek() {
            None => None,
            Some(token) if token.is("order") => None,
            Some(_) => Some(reader.any()?),
        };
        let mut order = Vec::new();
        if reader.takes("order") {
            reader.wants("by")?;
            loop {
                let field = Field::of(&reader.word()?)?;
                let descending = reader.takes("desc");
                if !descending {
                    reader.takes("asc");
                }
                order.push((field, descending));
                if !reader.takes_sign(",") {
                    break;
                }
            }
        }
        match reader.peek() {
            Some(token) => Err(format!("Error in the JQL Query: Expecting either 'OR' or 'AND' but got '{}'.", token.text)),
            None => Ok(Jql { condition, order }),
        }
    }

    /// What is asked for, in the order asked for; the newest first if nothing else is.
    pub(super) fn found<'a>(&self, requests: &'a [Request], now: i64) -> Vec<(&'a Request, State)> {
        let there = requests.iter().filter(|request| request.created_at <= now).map(|request| (request, request.at(now)));
        let mut found: Vec<_> =
            there.filter(|(request, state)| self.condition.as_ref().is_none_or(|condition| condition.holds(request, state))).collect();
        let usual = [(Field::Created, true)];
        let order = if self.order.is_empty() { usual.as_slice() } else { &self.order };
        found.sort_by(|one, other| {
            let mut orders = order.iter().map(|(field, descending)| {
                let order = match field {
                    Field::Updated => one.1.updated_at.cmp(&other.1.updated_at),
                    Field::Created => one.0.created_at.cmp(&other.0.created_at),
                    _ => (one.0.project.key, one.0.number).cmp(&(other.0.project.key, other.0.number)),
                };
                if *descending { order.reverse() } else { order }
            });
            orders.find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
        });
        found
    }
}

/// A word, something quoted, or a sign.
#[derive(Clone, Debug)]
struct Token {
    text: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Word,
    Quoted,
    Sign,
}

impl Token {
    /// Whether it is this word of the language.
    fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let token = match letter {
            _ if letter.is_whitespace() => continue,
            '"' | '\'' => {
                let mut quoted = String::new();
                loop {
                    match letters.next() {
                        Some(next) if next == letter => break,
                        Some('\\') => quoted.extend(letters.next()),
                        Some(next) => quoted.push(next),
                        None => return Err(format!("Error in the JQL Query: The quoted string '{quoted}' has not been completed.")),
                    }
                }
                Token { text: quoted, kind: Kind::Quoted }
            }
            '(' | ')' | ',' => Token { text: letter.to_string(), kind: Kind::Sign },
            '=' | '!' | '<' | '>' | '~' => {
                let mut sign = letter.to_string();
                sign.extend(letters.next_if(|next| matches!(next, '=' | '~')));
                Token { text: sign, kind: Kind::Sign }
            }
            _ => {
                let mut word = letter.to_string();
                while let Some(next) = letters.next_if(|next| !next.is_whitespace() && !"()=!<>~,\"'".contains(*next)) {
                    word.push(next);
                }
                Token { text: word, kind: Kind::Word }
            }
        };
        tokens.push(token);
    }
    Ok(tokens)
}

struct Reader {
    tokens: Vec<Token>,
    place: usize,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.place)
    }

    fn takes(&mut self, word: &str) -> bool {
        let takes = self.peek().is_some_and(|token| token.is(word));
        self.place += usize::from(takes);
        takes
    }

    fn takes_sign(&mut self, sign: &str) -> bool {
        let takes = self.peek().is_some_and(|token| token.kind == Kind::Sign && token.text == sign);
        self.place += usize::from(takes);
        takes
    }

    fn wants(&mut self, word: &str) -> Result<(), String> {
        if self.takes(word) || self.takes_sign(word) { Ok(()) } else { Err(self.unexpected(&format!("'{word}'"))) }
    }

    /// A word, or something quoted.
    fn word(&mut self) -> Result<String, String> {
        match self.peek() {
            Some(token) if token.kind != Kind::Sign => {
                let text = token.text.clone();
                self.place += 1;
                Ok(text)
            }
            _ => Err(self.unexpected("a value, list or function")),
        }
    }

    fn unexpected(&self, wanted: &str) -> String {
        let found = self.peek().map_or("the end of the query", |token| &token.text);
        format!("Error in the JQL Query: Expecting {wanted} but got '{found}'.")
    }

    fn any(&mut self) -> Result<Condition, String> {
        let mut parts = vec![self.all()?];
        while self.takes("or") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::Any(parts) })
    }

    fn all(&mut self) -> Result<Condition, String> {
        let mut parts = vec![self.one()?];
        while self.takes("and") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::All(parts) })
    }

    fn one(&mut self) -> Result<Condition, String> {
        if self.takes("not") {
            return Ok(Condition::Not(Box::new(self.one()?)));
        }
        if self.takes_sign("(") {
            let inner = self.any()?;
            self.wants(")")?;
            return Ok(inner);
        }
        let name = self.word()?;
        let field = Field::of(&name)?;
        if field.is_moment() {
            return self.moment(field, &name);
        }
        let (negated, values) = if self.takes_sign("=") {
            (false, vec![self.word()?])
        } else if self.takes_sign("!=") {
            (true, vec![self.word()?])
        } else {
            let negated = self.takes("not");
            if !self.takes("in") {
                return Err(self.unexpected("operator"));
            }
            (negated, self.list()?)
        };
        if let Some(value) = values.iter().find(|value| !field.knows(value)) {
            return Err(format!("The value '{value}' does not exist for the field '{name}'."));
        }
        let among = Condition::Among(field, values);
        Ok(if negated { Condition::Not(Box::new(among)) } else { among })
    }

    fn list(&mut self) -> Result<Vec<String>, String> {
        self.wants("(")?;
        let mut values = vec![self.word()?];
        while self.takes_sign(",") {
            values.push(self.word()?);
        }
        self.wants(")")?;
        Ok(values)
    }

    fn moment(&mut self, field: Field, name: &str) -> Result<Condition, String> {
        let signs = [(">=", Comparison::From), ("<=", Comparison::UpTo), (">", Comparison::After), ("<", Comparison::Before)];
        let Some((_, comparison)) = signs.into_iter().find(|(sign, _)| self.takes_sign(sign)) else {
            return Err(self.unexpected("operator"));
        };
        let value = self.word()?;
        let at = seconds(&value).ok_or_else(|| {
            format!(
                "Date value '{value}' for field '{name}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', \
                 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
            )
        })?;
        Ok(Condition::Moment(field, comparison, at))
    }
}

/// A time of day is of the account's time zone, and no finer than a minute.
fn seconds(text: &str) -> Option<i64> {
    let text = text.replace('/', "-");
    let full = if text.contains(' ') { text } else { format!("{text} 00:00") };
    let local = NaiveDateTime::parse_from_str(&full, "%Y-%m-%d %H:%M").ok()?;
    Some(local.and_utc().timestamp() - ZONE_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_said_so() {
        for (jql, wanted) in [
            ("project = VAULT", "The value 'VAULT' does not exist for the field 'project'."),
            ("project in (LAMP, 'NO')", "The value 'NO' does not exist for the field 'project'."),
            ("colour = red", "Field 'colour' does not exist or you do not have permission to view it."),
            ("project = LAMP assignee", "Error in the JQL Query: Expecting either 'OR' or 'AND' but got 'assignee'."),
            ("project LAMP", "Error in the JQL Query: Expecting operator but got 'LAMP'."),
            ("project = \"LAMP", "Error in the JQL Query: The quoted string 'LAMP' has not been completed."),
            ("(project = LAMP", "Error in the JQL Query: Expecting ')' but got 'the end of the query'."),
        ] {
            assert_eq!(Jql::parse(jql).expect_err(jql), wanted);
        }
        let error = Jql::parse("updated >= \"soon\"").expect_err("that is no date");
        assert!(error.starts_with("Date value 'soon' for field 'updated' is invalid."), "{error}");
    }

    #[test]
    fn a_minute_is_one_of_the_accounts_time_zone() {
        assert_eq!(seconds("2026-11-21 11:00"), Some(1_795_255_200));
        assert_eq!(seconds("2026/11/21"), Some(1_795_255_200 - 11 * 3_600));
        assert_eq!(seconds("-5d"), None);
        let jql = Jql::parse(
            "project = lamp AND (labels = audit OR NOT issuetype in (Task, \"Service Request\")) ORDER BY updated ASC, key DESC",
        );
        let jql = jql.expect("all of it is understood");
        assert_eq!(jql.order, [(Field::Updated, false), (Field::Key, true)]);
        assert!(matches!(jql.condition, Some(Condition::All(parts)) if matches!(parts[1], Condition::Any(_))));
    }
}
