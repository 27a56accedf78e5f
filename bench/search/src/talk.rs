//! What is said: words by how common they are, addresses, code, and another script, the same at each run.

use std::fmt::Write as _;

/// Words of the language that is spoken here.
const WORDS: usize = 20_000;
/// Characters of which the other one is written.
const SIGNS: &str = "日今会議時電話車東京検索機能支援明確会社員食事天気良悪新古大小中国語文字";

/// A small source of numbers, the same at each run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed | 1)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// A language.
pub(crate) struct Talk {
    words: Vec<String>,
}

impl Talk {
    pub(crate) fn new() -> Talk {
        let mut dice = Dice::new(7);
        let (heads, tails) = ("bcdfghjklmnprstvwz".as_bytes(), "aeiou".as_bytes());
        let mut words = Vec::with_capacity(WORDS);
        for number in 0..WORDS {
            let mut word = String::new();
            // Common words are short.
            for _ in 0..1 + usize::from(number > 60) + usize::from(number > 1_000) + dice.below(2) {
                word.push(char::from(heads[dice.below(heads.len())]));
                word.push(char::from(tails[dice.below(tails.len())]));
            }
            if dice.below(3) == 0 {
                word.push(char::from(heads[dice.below(heads.len())]));
            }
            words.push(word);
        }
        Talk { words }
    }

    /// The word of a rank, the most common first.
    pub(crate) fn word(&self, rank: usize) -> &str {
        &self.words[rank % WORDS]
    }

    /// A rank, by how common words are: the first is said as often as the second and third together, and so on.
    fn rank(dice: &mut Dice) -> usize {
        let part = (dice.below(1_000_000) + 1) as f64 / 1_000_000.0;
        ((WORDS as f64).powf(part) as usize).min(WORDS) - 1
    }

    /// One message.
    pub(crate) fn message(&self, number: usize) -> String {
        let mut dice = Dice::new(number as u64 * 0x9E37_79B9 + 11);
        dice.below(2);
        if number % 20 == 3 {
            let signs: Vec<char> = SIGNS.chars().collect();
            return (0..8 + dice.below(20)).map(|_| signs[dice.below(signs.len())]).collect();
        }
        let mut text = String::new();
        for at in 0..4 + dice.below(20) {
            if at > 0 {
                text.push(' ');
            }
            text.push_str(self.word(Talk::rank(&mut dice)));
        }
        // Writing into a String cannot fail.
        let _ = match number % 25 {
            1 => write!(text, " https://{}.example/{}/{number}", self.word(number % 500), self.word(number % 777)),
            2 => write!(text, " `{}_{}()`", self.word(number % 300), self.word(number % 311)),
            _ => Ok(()),
        };
        text
    }
}
