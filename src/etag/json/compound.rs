//! Arrays and objects.

use std::{borrow::Cow, ops::Range};

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

use super::{
    error::Kind,
    key::Key,
    number,
    serializer::{Canonical, Keep, Write, string},
};

/// Elements are written as they come.
pub(super) struct Array<'a> {
    write: &'a mut Write<'a>,
    close: &'static str,
    empty: bool,
}

impl<'a> Array<'a> {
    pub(super) fn new(write: &'a mut Write<'a>, close: &'static str) -> Self {
        write(b"[");
        Self {
            write,
            close,
            empty: true,
        }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Kind> {
        if !self.empty {
            (self.write)(b",");
        }
        self.empty = false;
        value.serialize(Canonical::below(self.write))
    }

    fn close(self) -> Result<(), Kind> {
        (self.write)(self.close.as_bytes());
        Ok(())
    }
}

macro_rules! array {
    ($($trait:ident::$method:ident)*) => {$(
        impl $trait for Array<'_> {
            type Ok = ();
            type Error = Kind;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Kind> {
                self.element(value)
            }

            fn end(self) -> Result<(), Kind> {
                self.close()
            }
        }
    )*};
}

array! {
    SerializeSeq::serialize_element
    SerializeTuple::serialize_element
    SerializeTupleStruct::serialize_field
    SerializeTupleVariant::serialize_field
}

/// Members are kept until the last one is there, since only then their order is known.
pub(super) struct Object<'a> {
    write: &'a mut Write<'a>,
    keep: &'a Keep<'a>,
    close: &'static str,
    key: Cow<'static, str>,
    members: Vec<(Cow<'static, str>, Range<usize>)>,
    /// The canonical values of all members, in the order they came.
    values: Vec<u8>,
}

impl<'a> Object<'a> {
    pub(super) fn new(write: &'a mut Write<'a>, keep: &'a Keep<'a>, close: &'static str) -> Self {
        Self {
            write,
            keep,
            close,
            key: Cow::Borrowed(""),
            members: Vec::new(),
            values: Vec::new(),
        }
    }

    fn member<T: Serialize + ?Sized>(
        &mut self,
        key: Cow<'static, str>,
        value: &T,
    ) -> Result<(), Kind> {
        if !(self.keep)(&key) {
            return Ok(());
        }
        let start = self.values.len();
        let values = &mut self.values;
        let mut write = |piece: &[u8]| values.extend_from_slice(piece);
        value.serialize(Canonical::below(&mut write))?;
        self.members.push((key, start..self.values.len()));
        Ok(())
    }

    fn close(mut self) -> Result<(), Kind> {
        // RFC 8785 section 3.2.3. The sort is stable: the last of equal keys stays the last.
        self.members
            .sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
        (self.write)(b"{");
        let mut empty = true;
        for (i, (key, value)) in self.members.iter().enumerate() {
            if self.members.get(i + 1).is_some_and(|(next, _)| next == key) {
                continue;
            }
            if !empty {
                (self.write)(b",");
            }
            empty = false;
            string(self.write, key);
            (self.write)(b":");
            (self.write)(&self.values[value.clone()]);
        }
        (self.write)(self.close.as_bytes());
        Ok(())
    }
}

impl SerializeMap for Object<'_> {
    type Ok = ();
    type Error = Kind;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Kind> {
        self.key = key.serialize(Key)?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Kind> {
        let key = std::mem::take(&mut self.key);
        self.member(key, value)
    }

    fn end(self) -> Result<(), Kind> {
        self.close()
    }
}

impl SerializeStructVariant for Object<'_> {
    type Ok = ();
    type Error = Kind;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Kind> {
        self.member(Cow::Borrowed(name), value)
    }

    fn end(self) -> Result<(), Kind> {
        self.close()
    }
}

/// A struct, or one of the two by which `serde_json` marks its own types.
pub(super) enum Struct<'a> {
    Object(Object<'a>),
    /// `serde_json::Number` with the feature `arbitrary_precision`.
    Number(&'a mut Write<'a>),
    /// `serde_json::value::RawValue`, already JSON, but not canonical.
    RawValue(Canonical<'a>),
}

impl<'a> Struct<'a> {
    pub(super) fn new(write: &'a mut Write<'a>, keep: &'a Keep<'a>, name: &str) -> Self {
        match name {
            "$serde_json::private::Number" => Self::Number(write),
            "$serde_json::private::RawValue" => Self::RawValue(Canonical::new(write, keep)),
            _ => Self::Object(Object::new(write, keep, "}")),
        }
    }
}

impl SerializeStruct for Struct<'_> {
    type Ok = ();
    type Error = Kind;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Kind> {
        match self {
            Self::Object(object) => object.member(Cow::Borrowed(name), value),
            Self::Number(write) => {
                let text = value.serialize(Key)?;
                write(number::from_text(&text)?.as_bytes());
                Ok(())
            }
            Self::RawValue(canonical) => {
                let text = value.serialize(Key)?;
                let value: serde_json::Value =
                    serde_json::from_str(&text).map_err(|_| Kind::RawValue)?;
                value.serialize(Canonical::new(canonical.write, canonical.keep))
            }
        }
    }

    fn end(self) -> Result<(), Kind> {
        match self {
            Self::Object(object) => object.close(),
            Self::Number(_) | Self::RawValue(_) => Ok(()),
        }
    }
}
