//! Days of the calendar as one types them, and as the clock counts them.

use parlour_protocol::Timestamp;

/// A day in milliseconds.
const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// A day, a month or a year, from its first moment to the first moment behind it, as a clock without time zones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// When it begins.
    pub from: i64,
    /// When it is over.
    pub until: i64,
}

impl Day {
    /// `2026`, `2026-11` or `2026-11-05`; none when it is no such day.
    #[must_use]
    pub fn parse(text: &str) -> Option<Day> {
        let parts: Vec<&str> = text.split('-').collect();
        let number = |part: &&str, digits: usize| -> Option<i64> {
            let fine = part.len() <= digits && !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse().ok().filter(|_| fine)
        };
        let year = number(parts.first()?, 4).filter(|year| *year >= 1970)?;
        let month = parts.get(1).map(|part| number(part, 2));
        let day = parts.get(2).map(|part| number(part, 2));
        let (first, last) = match (month, day, parts.len()) {
            (None, None, 1) => (days_before(year, 1, 1), days_before(year + 1, 1, 1)),
            (Some(Some(month @ 1..=12)), None, 2) => (days_before(year, month, 1), next_month(year, month)),
            (Some(Some(month @ 1..=12)), Some(Some(day)), 3) => {
                let first = days_before(year, month, day);
                (day >= 1 && first < next_month(year, month)).then_some((first, first + 1))?
            }
            _ => return None,
        };
        Some(Day { from: first * DAY_MS, until: last * DAY_MS })
    }
}

/// The number of the day that a moment is in, by universal time.
#[must_use]
pub fn day_of(at: Timestamp) -> i64 {
    at.0.div_euclid(DAY_MS)
}

fn next_month(year: i64, month: i64) -> i64 {
    if month == 12 { days_before(year + 1, 1, 1) } else { days_before(year, month + 1, 1) }
}

/// Days from 1970-01-01 to a day of the Gregorian calendar, whose year is taken to begin in March, so that a leap day is its last.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    // Months from March on have 31 30 31 30 31 days, again and again: 153 in five.
    let in_year = (153 * month + 2) / 5 + day - 1;
    365 * year + year / 4 - year / 100 + year / 400 + in_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn srch_4_days_are_those_of_the_calendar() {
        let day = |text: &str| Day::parse(text).map(|day| (day.from / DAY_MS, day.until / DAY_MS));
        assert_eq!(day("1970-01-01"), Some((0, 1)));
        assert_eq!(day("2000-02-29"), Some((11_016, 11_017)));
        assert_eq!(day("2026-11-30"), Some((20_787, 20_788)));
        assert_eq!(day("2024-2"), Some((19_754, 19_783)));
        assert_eq!(day("2026"), Some((20_454, 20_819)));
        for wrong in [
            "",
            "26",
            "2026-13",
            "2026-00-01",
            "2023-02-29",
            "2026-11-31",
            "2026-1-1-1",
            "2026-",
            "x",
            "+2026",
            "99999",
        ] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
        assert_eq!(day_of(Timestamp(-1)), -1);
    }
}
