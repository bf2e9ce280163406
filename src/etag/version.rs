//! Entity tags from version numbers.

use bytes::Bytes;

use super::EntityTag;

impl EntityTag {
    /// Returns the strong entity tag `"<version>"`, for a resource that gets a new number with every
    /// change.
    ///
    /// `version` is any integer of up to 64 bits, as databases return them. The type makes no
    /// difference: `7_i64` and `7_u32` make the same tag. A negative number has a minus sign: `"-7"`. Do
    /// not use those with [`Rules::split_tags('-')`](crate::Rules::split_tags), which would split
    /// the tag there.
    ///
    /// [`version`](Self::version) reads the number back, for `UPDATE … WHERE version = ?`.
    ///
    /// A number must not occur twice, not even after the resource was deleted and created anew. If
    /// the counter can start again, use a random UUID instead, with `EntityTag::from_uuid` of the
    /// feature `uuid`.
    ///
    /// ```
    /// use tower_conditional::EntityTag;
    ///
    /// let column: i64 = 7;
    /// let tag = EntityTag::from_version(column);
    /// assert_eq!(tag.as_bytes(), b"\"7\"");
    /// assert_eq!(tag.version::<i64>(), Some(7));
    /// ```
    pub fn from_version<V: Version>(version: V) -> Self {
        let Digits {
            negative,
            magnitude,
        } = version.to_digits();
        // Two quotes and 20 characters: the digits of `u64::MAX`, or the sign and 19 digits.
        let mut bytes = [b'"'; 22];
        let mut start = bytes.len() - 1;
        let mut rest = magnitude;
        loop {
            start -= 1;
            bytes[start] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if negative {
            start -= 1;
            bytes[start] = b'-';
        }
        Self::from_checked(Bytes::copy_from_slice(&bytes[start - 1..]))
    }

    /// Returns the number between the quotes, if [`from_version`](Self::from_version) makes this tag
    /// of a number of type `V`.
    ///
    /// Other spellings of a number, such as `"07"`, `"+7"` and `"-0"`, are other tags and give
    /// `None`. So does a number that `V` cannot hold, and a weak tag.
    ///
    /// ```
    /// use tower_conditional::EntityTag;
    ///
    /// let tag = EntityTag::from_version(-1);
    /// assert_eq!(tag.version::<i64>(), Some(-1));
    /// assert_eq!(tag.version::<u64>(), None);
    /// ```
    pub fn version<V: Version>(&self) -> Option<V> {
        let [b'"', number @ .., b'"'] = self.as_bytes() else {
            return None;
        };
        let (negative, digits) = match number {
            [b'-', digits @ ..] => (true, digits),
            digits => (false, digits),
        };
        let canonical = match digits {
            [b'0'] => !negative,
            [b'0', ..] | [] => false,
            _ => true,
        };
        if !canonical || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let magnitude = std::str::from_utf8(digits).ok()?.parse().ok()?;
        V::from_digits(Digits {
            negative,
            magnitude,
        })
    }
}

/// The types of version numbers: the integers of up to 64 bits.
///
/// See [`EntityTag::from_version`] and [`EntityTag::version`]. This trait is sealed.
pub trait Version: sealed::Integer {}

impl<V: sealed::Integer> Version for V {}

/// A number as its sign and its magnitude. Zero is not negative.
#[derive(Clone, Copy, Debug)]
pub struct Digits {
    negative: bool,
    magnitude: u64,
}

mod sealed {
    use super::Digits;

    pub trait Integer: Copy {
        fn to_digits(self) -> Digits;

        fn from_digits(digits: Digits) -> Option<Self>;
    }
}

macro_rules! unsigned {
    ($($type:ty),+) => {$(
        impl sealed::Integer for $type {
            fn to_digits(self) -> Digits {
                Digits { negative: false, magnitude: self.into() }
            }

            fn from_digits(digits: Digits) -> Option<Self> {
                (!digits.negative).then_some(digits.magnitude)?.try_into().ok()
            }
        }
    )+};
}

unsigned!(u8, u16, u32, u64);

macro_rules! signed {
    ($($type:ty),+) => {$(
        impl sealed::Integer for $type {
            fn to_digits(self) -> Digits {
                Digits { negative: self < 0, magnitude: self.unsigned_abs().into() }
            }

            fn from_digits(digits: Digits) -> Option<Self> {
                let magnitude = i128::from(digits.magnitude);
                let number = if digits.negative { -magnitude } else { magnitude };
                number.try_into().ok()
            }
        }
    )+};
}

signed!(i8, i16, i32, i64);
