use http::{
    HeaderMap, HeaderName, Method,
    header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE},
};

use super::{Field, is_query};

/// The set of conditional fields that a request has and that its method does not ignore.
///
/// `Range` is in it too, because `If-Range` and the rules of comparison depend on it, but it does
/// not make a request conditional.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields(u8);

/// The number of names above which one look-up for each field is cheaper than one pass over all
/// names. A map with one name more than these has room for twice as many, so that fewer collide.
const MANY: usize = 96;

const RANGE_BIT: u8 = 1 << 5;

const fn bit(field: Field) -> u8 {
    1 << field as u8
}

impl Fields {
    pub(crate) const NONE: Fields = Fields(0);

    /// Finds the fields that count for this method.
    #[inline]
    pub(crate) fn scan(method: &Method, headers: &HeaderMap) -> Self {
        let found = if headers.keys_len() > MANY {
            Self::look_up(headers)
        } else {
            Self::pass(headers)
        };
        if found == 0 {
            return Self::NONE;
        }
        // This is most requests with preconditions.
        let ignored = if *method == Method::GET {
            0
        } else {
            ignored_by(method)
        };
        // A server must ignore an If-Range without Range (RFC 9110 section 13.1.5).
        let lone = if found & RANGE_BIT == 0 {
            bit(Field::IfRange)
        } else {
            0
        };
        Self(found & !ignored & !lone)
    }

    #[inline]
    fn pass(headers: &HeaderMap) -> u8 {
        let mut found = 0;
        let mut names = headers.keys();
        while let Some(name) = names.find(|name| is_known(name)) {
            found |= bit_of(name);
        }
        found
    }

    fn look_up(headers: &HeaderMap) -> u8 {
        const ALL: [Field; 5] = [
            Field::IfMatch,
            Field::IfUnmodifiedSince,
            Field::IfNoneMatch,
            Field::IfModifiedSince,
            Field::IfRange,
        ];
        let mut found = 0;
        for field in ALL {
            if headers.contains_key(field.header_name()) {
                found |= bit(field);
            }
        }
        if found != 0 && headers.contains_key(RANGE) {
            found |= RANGE_BIT;
        }
        found
    }

    #[inline]
    pub(crate) const fn is_empty(self) -> bool {
        self.0 & !RANGE_BIT == 0
    }

    /// Reports whether the request asks for a range.
    #[inline]
    pub(crate) const fn is_ranged(self) -> bool {
        self.0 & RANGE_BIT != 0
    }

    #[inline]
    pub(crate) const fn contains(self, field: Field) -> bool {
        self.0 & bit(field) != 0
    }
}

/// Returns the fields that a method other than GET ignores.
fn ignored_by(method: &Method) -> u8 {
    match *method {
        // Range is defined for GET only (RFC 9110 section 14.2), and for QUERY as for GET.
        Method::HEAD => RANGE_BIT | bit(Field::IfRange),
        Method::CONNECT | Method::OPTIONS | Method::TRACE => u8::MAX,
        _ if is_query(method) => 0,
        _ => RANGE_BIT | bit(Field::IfRange) | bit(Field::IfModifiedSince),
    }
}

/// Reports whether the name is one of the six. Most names are not, so one test rejects them: it
/// compiles to the test of a bit.
#[inline]
fn is_known(name: &HeaderName) -> bool {
    *name == IF_MATCH
        || *name == IF_UNMODIFIED_SINCE
        || *name == IF_NONE_MATCH
        || *name == IF_MODIFIED_SINCE
        || *name == IF_RANGE
        || *name == RANGE
}

#[inline]
fn bit_of(name: &HeaderName) -> u8 {
    if *name == IF_MATCH {
        bit(Field::IfMatch)
    } else if *name == IF_UNMODIFIED_SINCE {
        bit(Field::IfUnmodifiedSince)
    } else if *name == IF_NONE_MATCH {
        bit(Field::IfNoneMatch)
    } else if *name == IF_MODIFIED_SINCE {
        bit(Field::IfModifiedSince)
    } else if *name == IF_RANGE {
        bit(Field::IfRange)
    } else {
        RANGE_BIT
    }
}
