//! Lists page by page. How a vendor pages is a declaration; walking to the last page is done here, for all of them.

use std::{borrow::Cow, collections::BTreeMap, fmt::Write};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

use crate::collect::Tally;

use super::{ApiError, ApiErrorKind, Client, client::request, encoded, shape};

/// How a list is asked for, page by page.
#[derive(Debug)]
pub(crate) struct Paging {
    /// The parameter that says how many items a page is to have.
    pub(crate) size: &'static str,
    /// The most that the vendor gives.
    pub(crate) most: u64,
    /// The parameter that says where a page begins.
    pub(crate) place: &'static str,
    /// What that one counts, from 0.
    pub(crate) counts: Counts,
    /// The field of the answer that holds the items; the answer itself is the list where it is empty.
    pub(crate) items: &'static str,
    /// How an answer tells that there is more.
    pub(crate) end: End,
}

/// What a page's place counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counts {
    /// Items.
    Items,
    /// Pages.
    Pages,
}

/// How an answer tells that there is more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// A page that is not full is the last one.
    ShortPage,
    /// A JSON pointer to a boolean.
    More(&'static str),
    /// A JSON pointer to the next page's place, which is missing on the last page.
    Next(&'static str),
    /// A JSON pointer to the next page's place, a word that only the vendor understands; it is missing on the last page.
    Token(&'static str),
    /// A JSON pointer to how many items the whole list has; where that is missing, a page that is not full is the last one.
    Total(&'static str),
}

/// A walk over a list.
#[derive(Debug)]
pub(crate) struct Pages<'a> {
    client: &'a Client,
    paging: &'a Paging,
    /// Path and the parameters that all pages have.
    path: String,
    /// Parameters of the first page alone.
    first: &'static str,
    size: u64,
    place: u64,
    token: Option<String>,
    is_over: bool,
    /// How many items the whole list has, where the last answer that was read says so.
    pub(crate) total: Option<u64>,
    /// What could not be read, item by item: which, and why.
    pub(crate) unreadable: Vec<String>,
}

/// One page as it came.
struct Page<T> {
    items: Vec<T>,
    unreadable: Vec<String>,
    /// How many it named, readable or not.
    named: u64,
    /// Whether there is more, where it says so.
    more: Option<bool>,
    next: Option<u64>,
    token: Option<String>,
    total: Option<u64>,
}

impl<'a> Pages<'a> {
    /// A walk over the list at `path`, which may have parameters; at most `size` items a page.
    pub(crate) fn new(client: &'a Client, path: &str, paging: &'a Paging, size: u64) -> Self {
        let size = size.min(paging.most);
        let (path, unreadable) = (path.to_owned(), Vec::new());
        Self { client, paging, path, first: "", size, place: 0, token: None, is_over: false, total: None, unreadable }
    }

    /// The same walk, whose first page is asked for with these parameters besides: `&total=true`.
    pub(crate) fn first(self, parameters: &'static str) -> Self {
        Self { first: parameters, ..self }
    }

    /// Where the next page begins.
    pub(crate) const fn place(&self) -> u64 {
        self.place
    }

    /// Whether the last page was read.
    pub(crate) const fn is_over(&self) -> bool {
        self.is_over
    }

    /// The next page's items, without those that cannot be read; `None` after the last page.
    ///
    /// # Errors
    /// When it does not come, or is no list.
    pub(crate) async fn next<T: DeserializeOwned + Send>(&mut self, tally: &Tally) -> Result<Option<Vec<T>>, ApiError> {
        if self.is_over {
            return Ok(None);
        }
        let (paging, address) = (self.paging, self.address());
        let page = self.client.get_with(&address, tally, |text| read::<T>(text, paging)).await?;
        if page.token.is_some() && page.token == self.token {
            let message = "a page that names itself as the next one".to_owned();
            return Err(self.client.error(ApiErrorKind::Unexpected, &request(&self.path), message));
        }
        Ok(Some(self.turn(page)))
    }

    /// Goes on to the next page.
    fn turn<T>(&mut self, page: Page<T>) -> Vec<T> {
        let paging = self.paging;
        self.is_over = match paging.end {
            End::ShortPage => page.named < self.size,
            End::More(_) => page.more != Some(true) || page.named == 0,
            End::Next(_) => page.next.is_none_or(|next| next <= self.place) || page.named == 0,
            End::Token(_) => page.token.is_none(),
            // A full page may be followed by another, whatever the total says.
            End::Total(_) => page.named == 0 || page.named < self.size && page.total.is_none_or(|total| self.place + page.named >= total),
        };
        self.place = match (self.paging.end, self.paging.counts) {
            (End::Next(_), _) => page.next.unwrap_or(self.place),
            (_, Counts::Pages) => self.place + 1,
            // Where the vendor gives fewer than were asked for, the next page begins after those.
            (End::More(_) | End::Total(_), Counts::Items) => self.place + page.named,
            (_, Counts::Items) => self.place + self.size,
        };
        (self.token, self.total) = (page.token, page.total);
        self.unreadable.extend(page.unreadable);
        page.items
    }

    fn address(&self) -> String {
        let Paging { size, place, .. } = self.paging;
        let joint = if self.path.contains('?') { '&' } else { '?' };
        let mut address = self.path.clone();
        let from = match (self.paging.end, &self.token) {
            (End::Token(_), token) => token.as_deref().map(encoded),
            _ => Some(self.place.to_string()),
        };
        let from = from.map(|from| format!("{}={from}&", encoded(place))).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = write!(address, "{joint}{from}{}={}", encoded(size), self.size);
        if self.place == 0 && self.token.is_none() {
            address.push_str(self.first);
        }
        address
    }
}

/// Takes a page apart. Only what is no list at all is an error: an item that cannot be read leaves the others as they are.
fn read<T: DeserializeOwned>(text: &str, paging: &Paging) -> serde_json::Result<Page<T>> {
    let (items, around): (Vec<&RawValue>, Envelope<'_>) = if paging.items.is_empty() {
        (serde_json::from_str(text)?, Envelope::default())
    } else {
        let around: Envelope<'_> = serde_json::from_str(text)?;
        let items = around.0.get(paging.items).ok_or_else(|| serde::de::Error::missing_field(paging.items))?;
        // A list that is null is an empty one.
        (serde_json::from_str::<Option<Vec<&RawValue>>>(items.get())?.unwrap_or_default(), around)
    };
    let total = if let End::Total(pointer) = paging.end { pointer } else { "/total" };
    let mut page = Page {
        items: Vec::with_capacity(items.len()),
        unreadable: Vec::new(),
        named: items.len() as u64,
        more: None,
        next: None,
        token: None,
        total: around.value(total).as_ref().and_then(Value::as_u64),
    };
    for (place, item) in items.into_iter().enumerate() {
        match serde_json::from_str(item.get()) {
            Ok(item) => page.items.push(item),
            Err(error) => page.unreadable.push(format!("{}: {}", name_of(item, place), shape(&error))),
        }
    }
    match paging.end {
        End::ShortPage | End::Total(_) => {}
        End::More(pointer) => page.more = around.value(pointer).as_ref().and_then(Value::as_bool),
        End::Next(pointer) => page.next = around.value(pointer).as_ref().and_then(Value::as_u64),
        End::Token(pointer) => page.token = around.value(pointer).as_ref().and_then(Value::as_str).map(ToOwned::to_owned),
    }
    Ok(page)
}

/// The fields of an answer beside its items.
#[derive(Default, Deserialize)]
struct Envelope<'a>(#[serde(borrow)] BTreeMap<Cow<'a, str>, &'a RawValue>);

impl Envelope<'_> {
    /// The value at a JSON pointer.
    fn value(&self, pointer: &str) -> Option<Value> {
        let (field, rest) = pointer
            .trim_start_matches('/')
            .split_once('/')
            .map_or_else(|| (pointer.trim_start_matches('/'), String::new()), |(field, rest)| (field, format!("/{rest}")));
        let value: Value = serde_json::from_str(self.0.get(field)?.get()).ok()?;
        value.pointer(&rest).cloned()
    }
}

/// What an item is called that cannot be read: by its id, if it has one that is a number or a short word.
fn name_of(item: &RawValue, place: usize) -> String {
    let value: Value = serde_json::from_str(item.get()).unwrap_or_default();
    let id = ["id", "public_id", "key"].iter().find_map(|key| match value.get(key) {
        Some(Value::Number(number)) => Some(number.to_string()),
        Some(Value::String(text)) if text.len() <= 64 && !text.contains('@') => Some(text.clone()),
        _ => None,
    });
    id.map_or_else(|| format!("number {} of its page", place + 1), |id| format!("`{id}`"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use url::Url;

    use super::*;
    use crate::http::{Connection, Vendor};

    const VENDOR: Vendor = Vendor { reset: "reset", remaining: "remaining", validate: None };

    const fn paging(size: &'static str, place: &'static str, counts: Counts, items: &'static str, end: End) -> Paging {
        Paging { size, most: 100, place, counts, items, end }
    }

    /// The styles that there are.
    const STYLES: [Paging; 6] = [
        paging("page_size", "page", Counts::Pages, "", End::ShortPage),
        paging("limit", "offset", Counts::Items, "data", End::ShortPage),
        paging("count", "start", Counts::Items, "dashboards", End::ShortPage),
        paging("page[size]", "page[offset]", Counts::Items, "data", End::Next("/meta/pagination/next_offset")),
        paging("page[size]", "page[number]", Counts::Pages, "data", End::ShortPage),
        paging("limit", "offset", Counts::Items, "services", End::More("/more")),
    ];

    fn client() -> Client {
        let (api_url, accept) = ("http://clockwork.example/base", "application/json");
        let connection =
            Connection { api_url, key: "api_url", credential: Vec::new(), accept, concurrency: 1, timeout_s: 1, max_wait_s: 1 };
        Client::new(&VENDOR, connection).unwrap()
    }

    /// What a vendor answers who has so many items, numbered from 0.
    fn answer(paging: &Paging, address: &str, total: u64) -> String {
        let asked = Url::parse(&format!("http://clockwork.example{address}")).unwrap();
        let number =
            |name: &str| asked.query_pairs().find_map(|(key, value)| (key == name).then(|| value.parse::<u64>().unwrap())).unwrap();
        let (size, place) = (number(paging.size), number(paging.place));
        let from = if paging.counts == Counts::Pages { place * size } else { place };
        let until = (from + size).min(total);
        let items: Vec<u64> = (from..until).collect();
        if paging.items.is_empty() {
            return json!(items).to_string();
        }
        let mut body = json!({paging.items: items, "more": until < total, "meta": {"pagination": {"offset": from}}});
        if until < total {
            body["meta"]["pagination"]["next_offset"] = json!(until);
        }
        body.to_string()
    }

    #[test]
    fn every_style_is_walked_to_its_last_page() {
        let client = client();
        for paging in &STYLES {
            for total in [0, 1, 9, 10, 11, 9_999, 10_000] {
                let mut pages = Pages::new(&client, "/list", paging, 10);
                let (mut items, mut requests) = (Vec::new(), 0);
                while !pages.is_over {
                    let text = answer(paging, &pages.address(), total);
                    items.extend(pages.turn(read::<u64>(&text, paging).unwrap()));
                    requests += 1;
                }
                assert!(items.iter().copied().eq(0..total), "{paging:?} with {total}");
                // A full page does not tell that it is the last, unless the answer says so.
                let needed = if paging.end == End::ShortPage { total / 10 + 1 } else { total.div_ceil(10).max(1) };
                assert_eq!(requests, needed, "{paging:?} with {total}");
            }
        }
    }

    #[test]
    fn a_page_is_asked_for_in_the_words_of_the_vendor() {
        let client = client();
        let address = |paging, path, size, turns| {
            let mut pages = Pages::new(&client, path, paging, size);
            for _ in 0..turns {
                pages.place = if paging.counts == Counts::Pages { pages.place + 1 } else { pages.place + pages.size };
            }
            pages.address()
        };
        assert_eq!(address(&STYLES[0], "/list?with=all", 50, 2), "/list?with=all&page=2&page_size=50");
        assert_eq!(address(&STYLES[1], "/list", 50, 2), "/list?offset=100&limit=50");
        assert_eq!(address(&STYLES[3], "/list", 50, 0), "/list?page%5Boffset%5D=0&page%5Bsize%5D=50");
        assert_eq!(address(&STYLES[4], "/list", 1000, 1), "/list?page%5Bnumber%5D=1&page%5Bsize%5D=100", "no more than it gives");
    }

    #[test]
    fn a_list_that_does_not_move_on_ends() {
        let client = client();
        for (paging, stuck) in [
            (&STYLES[3], json!({"data": [1], "meta": {"pagination": {"next_offset": 0}}})),
            (&STYLES[3], json!({"data": [], "meta": {"pagination": {"next_offset": 7}}})),
            (&STYLES[3], json!({"data": null})),
            (&STYLES[5], json!({"services": [], "more": true})),
        ] {
            let mut pages = Pages::new(&client, "/list", paging, 10);
            pages.turn(read::<u64>(&stuck.to_string(), paging).unwrap());
            assert!(pages.is_over, "{stuck}");
        }
    }

    #[test]
    fn an_item_that_cannot_be_read_is_named_and_still_counts() {
        let client = client();
        let mut pages = Pages::new(&client, "/list", &STYLES[1], 3);
        let text = r#"{"data": [1, {"id": "s7", "owner": "ada"}, "ada@clockwork.example"]}"#;
        assert_eq!(pages.turn(read::<u64>(text, &STYLES[1]).unwrap()), [1]);
        assert!(!pages.is_over, "the page was full");
        let told = pages.unreadable.join("; ");
        assert!(told.starts_with("`s7`: expected u64") && told.contains("number 3 of its page: expected u64"), "{told}");
        assert!(!told.contains("ada"), "{told}");
        assert!(read::<u64>(r#"{"errors": []}"#, &STYLES[1]).is_err(), "no list is no empty list");
        assert!(read::<u64>("[]", &STYLES[1]).is_err());
    }

    const fn ending(counts: Counts, end: End) -> Paging {
        Paging { size: "page[size]", most: 2, place: "from", counts, items: "items", end }
    }

    /// Where the pages of these answers are asked for, until the list is over.
    fn walk(paging: &Paging, answers: &[&str]) -> (Vec<String>, bool) {
        let client = client();
        let mut pages = Pages::new(&client, "/clocks?kind=tower", paging, 100).first("&total=true");
        let mut asked = Vec::new();
        for answer in answers {
            asked.push(pages.address().replace("/clocks?kind=tower&", "").replace("page%5Bsize%5D=2", ""));
            pages.turn(read::<u64>(answer, paging).unwrap());
        }
        (asked, pages.is_over())
    }

    #[test]
    fn every_way_to_tell_the_end_leads_to_it() {
        let full = r#"{"items":[1,2],"more":true,"next":2,"token":"a b","total":3}"#;
        let short = r#"{"items":[3],"more":true,"next":4,"token":"c","total":3}"#;
        let last = r#"{"items":[3],"more":false,"token":null,"total":3}"#;
        for (end, from, is_over_when_short) in [
            (End::ShortPage, "from=2&", true),
            (End::More("/more"), "from=2&", false),
            (End::Next("/next"), "from=2&", false),
            (End::Token("/token"), "from=a+b&", false),
            (End::Total("/total"), "from=2&", true),
        ] {
            let paging = ending(Counts::Items, end);
            let first = if matches!(end, End::Token(_)) { "&total=true" } else { "from=0&&total=true" };
            assert_eq!(walk(&paging, &[full, last]), (vec![first.to_owned(), from.to_owned()], true), "{end:?}");
            assert_eq!(walk(&paging, &[full, short]).1, is_over_when_short, "{end:?}");
        }
        assert_eq!(walk(&ending(Counts::Pages, End::ShortPage), &[full, full, last]).0[2], "from=2&");
    }

    #[test]
    fn a_page_shorter_than_asked_for_skips_nothing() {
        let one = r#"{"items":[1],"more":true,"total":3}"#;
        for end in [End::More("/more"), End::Total("/total")] {
            let (asked, is_over) = walk(&ending(Counts::Items, end), &[one, one, one]);
            assert_eq!(asked[1..], ["from=1&", "from=2&"], "{end:?}");
            assert_eq!(is_over, end == End::Total("/total"), "{end:?}");
        }
        // A full page may be followed by another, whatever the total says; a list that does not tell it ends with a page that is not full.
        let paging = ending(Counts::Items, End::Total("/total"));
        assert!(!walk(&paging, &[r#"{"items":[1,2],"total":2}"#]).1);
        assert!(walk(&paging, &[r#"{"items":[1,2],"total":2}"#, r#"{"items":[],"total":2}"#]).1);
        assert!(walk(&paging, &[r#"{"items":[1]}"#]).1);
    }
}
