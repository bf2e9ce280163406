/// How preconditions are evaluated where a service departs from RFC 9110.
///
/// The default is [`Rules::RFC9110`]: the RFC and nothing else. Every deviation is opt-in, named
/// after what it tolerates, and documented with its risk. Rules are `const`:
///
/// ```
/// use tower_conditional::Rules;
///
/// const UPSERT: Rules = Rules::RFC9110.creation_despite_if_match(true);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    pub(super) creation_despite_if_match: bool,
    pub(super) strict_creation: bool,
}

impl Rules {
    /// RFC 9110 section 13, and nothing else.
    pub const RFC9110: Rules = Rules {
        creation_despite_if_match: false,
        strict_creation: false,
    };

    /// Ignores `If-Match` where there is no representation, so that a write creates one although
    /// the client named the tag of another (RESTHeart's upsert).
    ///
    /// By RFC 9110 section 13.1.1 the condition is false then, and the answer is 412. The risk: an
    /// update that races a deletion makes the resource anew, without the client noticing.
    #[must_use]
    pub const fn creation_despite_if_match(mut self, yes: bool) -> Self {
        self.creation_despite_if_match = yes;
        self
    }

    /// Demands `If-None-Match: *` of a write that creates, wherever a write is required to be
    /// conditional; without it the answer is 428. DELETE creates nothing and is let through.
    #[must_use]
    pub const fn strict_creation(mut self, yes: bool) -> Self {
        self.strict_creation = yes;
        self
    }
}
