//! Times as the vendor writes them.

use chrono::{DateTime, Datelike, Timelike};

/// Appends `2026-11-21T10:00:00Z`. Written by hand because a page of pull requests holds thousands of them.
pub(super) fn write(buffer: &mut Vec<u8>, at: i64) {
    let time = DateTime::from_timestamp(at, 0).unwrap_or_default();
    let year = time.year().clamp(0, 9_999) as u32;
    two_digits(buffer, year / 100);
    two_digits(buffer, year % 100);
    for (before, value) in [(b'-', time.month()), (b'-', time.day()), (b'T', time.hour()), (b':', time.minute()), (b':', time.second())] {
        buffer.push(before);
        two_digits(buffer, value);
    }
    buffer.push(b'Z');
}

/// The same as text.
pub(super) fn text(at: i64) -> String {
    let mut buffer = Vec::with_capacity(20);
    write(&mut buffer, at);
    String::from_utf8(buffer).unwrap_or_default()
}

fn two_digits(buffer: &mut Vec<u8>, value: u32) {
    buffer.push(b'0' + (value / 10) as u8);
    buffer.push(b'0' + (value % 10) as u8);
}
