use crate::etag::is_etagc;

/// How preconditions are evaluated where a service, or a proxy before it, departs from RFC 9110.
///
/// The default is [`Rules::RFC9110`]: the RFC and nothing else. Every deviation is opt-in, named
/// after what it tolerates, and costs nothing when not used. They compose, in this order, whichever
/// way they were set:
///
/// 1. a member that is the current tag byte for byte, as RFC 9110 has it;
/// 2. [unquoted](Self::unquoted_tags) members, and a suffix outside of the quotes;
/// 3. [content-coding suffixes](Self::coding_suffixes), stripped repeatedly;
/// 4. [split tags](Self::split_tags);
/// 5. weak or strong, by [`weak_if_match`](Self::weak_if_match) and
///    [`weakened_by_proxy`](Self::weakened_by_proxy).
///
/// `If-Range` is touched by none of them: `"x-gzip"` and `"x"` name different bytes.
///
/// Rules are `const`, and of use without the layer, in
/// [`Preconditions::evaluate`](crate::Preconditions::evaluate):
///
/// ```
/// use tower_conditional::Rules;
///
/// const BEHIND_APACHE_AND_NGINX: Rules = Rules::RFC9110
///     .coding_suffixes(&["-gzip", "-br"])
///     .weakened_by_proxy(true);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    pub(super) creation_despite_if_match: bool,
    pub(super) strict_creation: bool,
    pub(super) tolerant: bool,
    pub(super) suffixes: &'static [&'static str],
    pub(super) separator: Option<u8>,
    pub(super) unquoted: bool,
    pub(super) weak_if_match: bool,
    pub(super) weakened_by_proxy: bool,
}

impl Rules {
    /// RFC 9110 section 13, and nothing else.
    pub const RFC9110: Rules = Rules {
        creation_despite_if_match: false,
        strict_creation: false,
        tolerant: false,
        suffixes: &[],
        separator: None,
        unquoted: false,
        weak_if_match: false,
        weakened_by_proxy: false,
    };

    /// Compares `"x-gzip"`, `"x"-gzip` and the same with `W/` as `"x"`, for each of these suffixes.
    ///
    /// Who makes such tags: Apache's mod_deflate (`-gzip`; outside of the quotes up to 2.2) and
    /// mod_brotli (`-br`), lighttpd, Caddy (`-gzip`, `-zstd`), Jetty (`--gzip`). They put the suffix
    /// on the way out and do not take it off on the way in, so that without this rule every
    /// conditional write through them fails, and no revalidation succeeds.
    ///
    /// A suffix is compared byte for byte, case included, and stripped as often as it is there, for
    /// several proxies may have added it. Any other change of a tag makes it another tag:
    /// `"x"-not-gzip` is not `"x"`.
    ///
    /// The risk: the coded and the identity representation count as the same, which is what a
    /// write and a revalidation want. A service whose own tags may end in such a suffix cannot
    /// tell `"x-gzip"` from `"x"`. The 304 carries our own `"x"`, which some caches (got, undici,
    /// hishel) do not take for the `"x-gzip"` they hold, and transfer in full; see
    /// [`ConditionalLayer::echo_tag`](crate::ConditionalLayer::echo_tag). Proxies that weaken tags
    /// need [`weakened_by_proxy`](Self::weakened_by_proxy) besides, and nothing helps behind one that
    /// removes them (mod_deflate with `DeflateAlterETag Remove`, Envoy).
    ///
    /// # Panics
    ///
    /// At compile time in a `const`, and when it is called elsewhere: when a suffix is empty, longer than 63 bytes, or has a byte
    /// that an entity tag cannot have.
    #[must_use]
    pub const fn coding_suffixes(mut self, suffixes: &'static [&'static str]) -> Self {
        let mut i = 0;
        while i < suffixes.len() {
            let suffix = suffixes[i].as_bytes();
            assert!(
                !suffix.is_empty() && suffix.len() < 64,
                "a content-coding suffix has 1 to 63 bytes"
            );
            let mut j = 0;
            while j < suffix.len() {
                assert!(
                    is_etagc(suffix[j]),
                    "a content-coding suffix is part of an entity tag"
                );
                j += 1;
            }
            i += 1;
        }
        self.suffixes = suffixes;
        self.tolerant()
    }

    /// Reads tags as `"<read>-<write>"` with this separator: `If-Match` on an unsafe method compares
    /// the write halves only, everything else the whole tag (Launchpad's lazr.restful).
    ///
    /// The read half changes with what clients cannot write, the write half with what they can, so
    /// that a write does not fail for a change that it cannot undo. A tag is split at its first
    /// separator, and suffixes after the write half are stripped; one without a separator is compared
    /// whole.
    ///
    /// The risk: if the write half leaves out a field that a client can write, changes of that field
    /// are lost. If the read half contains the separator, as a UUID does a dash, the write half begins
    /// too early, and writes fail that need not; [`EntityTag::from_halves`](crate::EntityTag::from_halves) makes
    /// only tags without that fault.
    ///
    /// # Panics
    ///
    /// At compile time in a `const`, and when it is called elsewhere: when the separator is not a character of an entity tag, or not
    /// ASCII.
    #[must_use]
    pub const fn split_tags(mut self, separator: char) -> Self {
        assert!(
            separator.is_ascii() && is_etagc(separator as u8),
            "a separator is one ASCII character of an entity tag"
        );
        self.separator = Some(separator as u8);
        self.tolerant()
    }

    /// Reads `55e84c0a` as `"55e84c0a"` and `W/eeee` as `W/"eeee"`: a member without quotes
    /// (RESTHeart; the examples of Ironic's specification).
    ///
    /// It is about reading. An [`EntityTag`](crate::EntityTag) is sent with its quotes, and a service
    /// whose clients expect none takes them off its responses.
    ///
    /// The risk: RFC 9110 gives such a member no meaning, so reading it takes none away; but it ends
    /// at the next comma, so a tag with commas needs its quotes. Sending unquoted tags is the greater
    /// risk: caches and clients may ignore an `ETag` that is none, and Cloudflare removes it.
    #[must_use]
    pub const fn unquoted_tags(mut self, yes: bool) -> Self {
        self.unquoted = yes;
        self.tolerant()
    }

    /// Compares `If-Match` weakly, for services whose only tags are weak: Ironic, many Redfish BMCs.
    ///
    /// RFC 9110 section 13.1.1 demands strong comparison, by which no weak tag ever matches, and
    /// every write of such a service would fail. The risk: a weak tag may stay the same over
    /// changes that the service holds to be insignificant, and a write does not notice those.
    #[must_use]
    pub const fn weak_if_match(mut self, yes: bool) -> Self {
        self.weak_if_match = yes;
        self.tolerant()
    }

    /// Lets `W/"x"` in `If-Match` pass for our own strong `"x"`.
    ///
    /// nginx, HAProxy, Varnish, CloudFront and Cloudflare weaken a strong tag when they compress,
    /// and send the weak one back to us. Our own weak tags still never match. The risk is
    /// none if our strong tags are: the opaque-tags are the same, so it is the same representation.
    #[must_use]
    pub const fn weakened_by_proxy(mut self, yes: bool) -> Self {
        self.weakened_by_proxy = yes;
        self.tolerant()
    }

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
    ///
    /// It does nothing where nothing is required. `If-Match` is no substitute, not even with
    /// [`creation_despite_if_match`](Self::creation_despite_if_match). The risk: clients that create by
    /// a plain PUT, as most do, are refused.
    #[must_use]
    pub const fn strict_creation(mut self, yes: bool) -> Self {
        self.strict_creation = yes;
        self
    }

    /// Whether any rule of comparison is on: if none is, the walk needs only one branch for them.
    const fn tolerant(mut self) -> Self {
        self.tolerant = !self.suffixes.is_empty()
            || self.separator.is_some()
            || self.unquoted
            || self.weak_if_match
            || self.weakened_by_proxy;
        self
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self::RFC9110
    }
}
