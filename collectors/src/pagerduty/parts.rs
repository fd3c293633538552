//! Listings of which PagerDuty shows no more than the first 10,000 items: read in parts, each of them small enough.
//!
//! What is asked for is divided until it fits: a stretch of time in two halves, some policies into fewer.

use std::{collections::HashSet, fmt, mem};

use chrono::{DateTime, SecondsFormat, Utc};

use crate::{
    collect::Tally,
    http::{ApiError, Client, Item, Pages, Paging},
};

/// Offset and limit together may be so much.
const LIMIT: u64 = 10_000;
/// The longest stretch that one request may ask about [s]. PagerDuty takes half a year; 180 days are never more than that.
const LONGEST: i64 = 180 * 24 * 60 * 60;

/// A part of a listing that can be asked for by itself.
pub(super) trait Part: fmt::Display + Send {
    /// The path of its list, with parameters.
    fn path(&self) -> String;

    /// The same in two; nothing where it cannot be divided further.
    fn halves(&self) -> Option<[Self; 2]>
    where
        Self: Sized;
}

/// A walk over all parts of a listing.
pub(super) struct Parts<'a, P, T: Item> {
    client: &'a Client,
    paging: &'static Paging,
    /// What is still to be read, the next part last.
    left: Vec<P>,
    current: Option<(P, Pages<'a>)>,
    /// Items of this part, and of the one before: they meet in a moment that belongs to both.
    seen: HashSet<T::Id>,
    before: HashSet<T::Id>,
    /// A part was divided after some of it had been handed over: what follows is compared with everything.
    is_read_twice: bool,
    /// What could not be read, item by item.
    pub(super) unreadable: Vec<String>,
    /// What has more items than PagerDuty shows and cannot be divided.
    pub(super) cut: Vec<String>,
}

impl<'a, P: Part, T: Item> Parts<'a, P, T> {
    /// A walk over these parts, in this order.
    pub(super) fn new(client: &'a Client, paging: &'static Paging, parts: impl IntoIterator<Item = P>) -> Self {
        let mut left: Vec<P> = parts.into_iter().collect();
        left.reverse();
        let (seen, before) = (HashSet::new(), HashSet::new());
        Self { client, paging, left, current: None, seen, before, is_read_twice: false, unreadable: Vec::new(), cut: Vec::new() }
    }

    /// The next page's items, each only once; `None` after the last page of the last part.
    ///
    /// # Errors
    /// When it does not come, or is no list.
    pub(super) async fn next(&mut self, tally: &Tally) -> Result<Option<Vec<T>>, ApiError> {
        loop {
            let Some((part, mut pages)) = self.current.take().or_else(|| self.begin()) else { return Ok(None) };
            let is_first = pages.place() == 0;
            let is_beyond = !pages.is_over() && pages.place() + self.paging.most > LIMIT;
            if is_beyond {
                // The list is longer than it said at first, or did not say.
                if self.divide(&part) {
                    self.is_read_twice = true;
                } else {
                    self.cut.push(format!("only the first {LIMIT} {part} are shown"));
                    self.end(pages);
                }
                continue;
            }
            let Some(items) = pages.next::<T>(tally).await? else {
                self.end(pages);
                continue;
            };
            if is_first && pages.total.is_some_and(|total| total > LIMIT) && self.divide(&part) {
                continue;
            }
            self.current = Some((part, pages));
            let new = items.into_iter().filter(|item| !self.before.contains(&item.id()) && self.seen.insert(item.id()));
            return Ok(Some(new.collect()));
        }
    }

    fn begin(&mut self) -> Option<(P, Pages<'a>)> {
        let part = self.left.pop()?;
        let pages = Pages::new(self.client, &part.path(), self.paging, self.paging.most).first("&total=true");
        Some((part, pages))
    }

    fn end(&mut self, pages: Pages<'_>) {
        self.unreadable.extend(pages.unreadable);
        if !self.is_read_twice {
            self.before = mem::take(&mut self.seen);
        }
    }

    /// Puts the halves of a part in its place, if it has any.
    fn divide(&mut self, part: &P) -> bool {
        let halves = part.halves();
        let is_divided = halves.is_some();
        self.left.extend(halves.into_iter().flatten().rev());
        is_divided
    }
}

/// What a list shows of a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// What it lists: `incidents`.
    list: &'static str,
    /// Seconds since 1970.
    since: i64,
    until: i64,
}

impl Span {
    /// All that a list shows between two moments, in as few requests as may be.
    pub(super) fn all(list: &'static str, since: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Self> {
        let end = until.timestamp() + i64::from(until.timestamp_subsec_nanos() > 0);
        let mut spans = Vec::new();
        let mut since = since.timestamp();
        while since < end {
            let until = end.min(since + LONGEST);
            spans.push(Self { list, since, until });
            since = until;
        }
        spans
    }
}

impl Part for Span {
    fn path(&self) -> String {
        format!("/{}?time_zone=UTC&since={}&until={}", self.list, second(self.since), second(self.until))
    }

    fn halves(&self) -> Option<[Self; 2]> {
        let middle = self.since + (self.until - self.since) / 2;
        (middle > self.since).then_some([Self { until: middle, ..*self }, Self { since: middle, ..*self }])
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.list.replace('_', " "), second(self.since))
    }
}

/// A moment as a parameter: `2026-11-21T10:00:00Z`.
pub(super) fn second(since_1970: i64) -> String {
    DateTime::from_timestamp(since_1970, 0).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
    };

    use super::*;
    use crate::pagerduty::{PagerDuty, PagerDutyConfig, paging};

    const PAGING: Paging = paging("incidents");
    const START: i64 = 1_795_255_200;

    #[derive(Deserialize)]
    struct Made {
        id: String,
    }

    impl Item for Made {
        type Id = String;

        fn id(&self) -> String {
            self.id.clone()
        }
    }

    /// Answers about what was made in these seconds, both ends of a stretch of time included, until nobody asks any more.
    async fn answer(mut stream: TcpStream, made: &[i64], tells_total: bool) {
        let mut request = vec![0; 4096];
        while let Ok(length @ 1..) = stream.read(&mut request).await {
            let text = String::from_utf8_lossy(&request[..length]).into_owned();
            let query = text.split([' ', '?']).nth(2).unwrap_or_default().to_owned();
            let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).map(ToOwned::to_owned);
            let number = |name: &str| value(name).and_then(|text| text.parse::<usize>().ok()).unwrap_or_default();
            let moment = |name: &str| value(name).unwrap().parse::<DateTime<Utc>>().unwrap().timestamp();
            let (offset, limit, since, until) = (number("offset"), number("limit"), moment("since"), moment("until"));
            let all: Vec<_> = made.iter().enumerate().filter(|(_, at)| (since..=until).contains(*at)).collect();
            let shown: Vec<_> = all.iter().skip(offset).take(limit).map(|(no, _)| json!({"id": no.to_string()})).collect();
            let total = (tells_total && query.contains("total=true")).then_some(all.len());
            let body = json!({"incidents": shown, "more": offset + limit < all.len(), "total": total}).to_string();
            let status = if (offset + limit) as u64 > LIMIT { "400 Bad Request" } else { "200 OK" };
            let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all((head + &body).as_bytes()).await.unwrap();
        }
    }

    /// How many items come, how many of them are different ones, and what is cut.
    async fn walk(made: Vec<i64>, tells_total: bool) -> (usize, usize, Vec<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api_url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                answer(stream, &made, tells_total).await;
            }
        });
        let pagerduty = PagerDuty::new(&PagerDutyConfig { api_url, ..PagerDutyConfig::default() }, &"key".into()).unwrap();
        let span = Span { list: "incidents", since: START, until: START + 86_400 };
        let mut parts = Parts::<_, Made>::new(&pagerduty.client, &PAGING, [span]);
        let (mut ids, tally) = (Vec::new(), Tally::default());
        while let Some(page) = parts.next(&tally).await.unwrap() {
            ids.extend(page.into_iter().map(|item| item.id));
        }
        server.abort();
        let different: HashSet<_> = ids.iter().collect();
        (ids.len(), different.len(), parts.cut)
    }

    #[tokio::test]
    async fn more_than_the_limit_comes_completely_and_each_once() {
        let spread: Vec<i64> = (0..15_000).map(|no| START + no * 86_400 / 15_000).collect();
        assert_eq!(walk(spread.clone(), true).await, (15_000, 15_000, vec![]));
        assert_eq!(walk(spread, false).await, (15_000, 15_000, vec![]), "the walk itself meets the limit");
        // A third of them in one moment, which is the end of one half and the beginning of the other.
        let heaped: Vec<i64> = (0..15_000).map(|no| if no % 3 == 0 { START + 43_200 } else { START + no * 5 }).collect();
        assert_eq!(walk(heaped, true).await, (15_000, 15_000, vec![]));
    }

    #[tokio::test]
    async fn what_is_too_much_for_one_second_is_said_to_be_cut() {
        let (all, different, cut) = walk(vec![START + 100; 12_000], true).await;
        assert_eq!((all, different), (10_000, 10_000));
        assert!(cut.iter().all(|cut| cut.starts_with("only the first 10000 incidents of 2026-11-21T10:01:")), "{cut:?}");
        assert!(!cut.is_empty());
    }

    fn spans(since: &str, until: &str) -> Vec<Span> {
        Span::all("log_entries", since.parse().unwrap(), until.parse().unwrap())
    }

    #[test]
    fn a_long_time_is_asked_for_without_a_hole_and_no_longer_than_half_a_year_at_once() {
        let year = spans("2025-11-21T10:00:00Z", "2026-11-21T10:00:00.5Z");
        assert_eq!(year.len(), 3);
        assert_eq!(year[0].path(), "/log_entries?time_zone=UTC&since=2025-11-21T10:00:00Z&until=2026-05-20T10:00:00Z");
        assert!(year.windows(2).all(|two| two[0].until == two[1].since));
        assert!(year.iter().all(|span| span.until - span.since <= LONGEST));
        assert!(year[2].path().ends_with("until=2026-11-21T10:00:01Z"), "the last half second is asked for, too");
        assert_eq!(spans("2026-11-21T10:00:00Z", "2026-11-21T10:00:00Z"), []);
    }

    #[test]
    fn halves_are_the_whole_down_to_a_second() {
        let mut left = spans("2026-11-21T10:00:00Z", "2026-11-21T10:00:07Z");
        let mut seconds = Vec::new();
        while let Some(span) = left.pop() {
            match span.halves() {
                Some(halves) => left.extend(halves.into_iter().rev()),
                None => seconds.push(span),
            }
        }
        assert_eq!(seconds.len(), 7);
        assert!(seconds.iter().all(|span| span.until - span.since == 1));
        assert!(seconds.windows(2).all(|two| two[0].until == two[1].since));
        assert_eq!(seconds[6].to_string(), "log entries of 2026-11-21T10:00:06Z");
    }
}
