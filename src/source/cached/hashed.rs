//! A key that is hashed once.

use std::{
    collections::hash_map::{DefaultHasher, RandomState},
    hash::{BuildHasher, Hash, Hasher},
};

use quick_cache::Equivalent;

/// What is done with the key of a request.
pub trait LookUp<T> {
    /// What was found.
    type Found;

    /// Looks a key up. It is given by its hash and a comparison, because it may not be allocated.
    fn find(self, hash: impl FnOnce(&mut DefaultHasher), is: impl Fn(&T) -> bool) -> Self::Found;
}

/// What an answer is kept under: the key of a request, the service that is asked, and their hash.
///
/// The hash is calculated once for a request, and then used for each look-up. It is the keyed hash
/// of the standard library: clients choose what is in a key, and with a hash that they can predict
/// they could choose keys which all fall into one place of the table.
#[derive(Clone)]
pub(super) struct Hashed<T> {
    hash: u64,
    service: u64,
    key: T,
}

impl<T> Hashed<T> {
    /// `hash` must be that of the [`Sought`] that was looked up for this key.
    pub(super) const fn new(hash: u64, service: u64, key: T) -> Self {
        Self { hash, service, key }
    }
}

impl<T: PartialEq> PartialEq for Hashed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && self.service == other.service && self.key == other.key
    }
}

impl<T: Eq> Eq for Hashed<T> {}

impl<T> Hash for Hashed<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

/// The key of a look-up for a [`Hashed`].
pub(super) struct Sought<F> {
    pub(super) hash: u64,
    service: u64,
    is: F,
}

impl<F> Sought<F> {
    #[inline]
    pub(super) fn new(
        hasher: &RandomState,
        service: u64,
        hash: impl FnOnce(&mut DefaultHasher),
        is: F,
    ) -> Self {
        let mut hasher = hasher.build_hasher();
        hash(&mut hasher);
        Self {
            // No client chooses the number of a service.
            hash: hasher.finish().wrapping_add(service),
            service,
            is,
        }
    }
}

impl<F> Hash for Sought<F> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl<T, F: Fn(&T) -> bool> Equivalent<Hashed<T>> for Sought<F> {
    #[inline]
    fn equivalent(&self, kept: &Hashed<T>) -> bool {
        self.hash == kept.hash && self.service == kept.service && (self.is)(&kept.key)
    }
}

/// Passes on the hash that a [`Hashed`] has.
#[derive(Clone, Copy, Default)]
pub(super) struct Prehashed;

impl BuildHasher for Prehashed {
    type Hasher = Taken;

    fn build_hasher(&self) -> Taken {
        Taken(0)
    }
}

pub(super) struct Taken(u64);

impl Hasher for Taken {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // A `Hashed` writes nothing else than its hash. Anything else would still be right, if slow.
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_that_is_written_counts() {
        let hash = |bytes: &[u8]| {
            let mut hasher = Prehashed.build_hasher();
            hasher.write(bytes);
            hasher.finish()
        };
        let all = [
            &b""[..],
            b"a",
            b"ab",
            b"ba",
            b"\x01\0\0\0\0\0\0\0\x02",
            b"\x01\0\0\0\0\0\0\0\x03",
        ];
        for (at, one) in all.iter().enumerate() {
            for other in &all[..at] {
                assert_ne!(hash(one), hash(other), "{one:?} {other:?}");
            }
        }
    }
}
