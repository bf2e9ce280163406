//! Code that every middleware would otherwise repeat.

/// Defines the accessors of the field `inner` of a service. Use it in an `impl` block.
macro_rules! inner_service_accessors {
    () => {
        /// Returns a reference to the inner service.
        pub const fn get_ref(&self) -> &S {
            &self.inner
        }

        /// Returns a mutable reference to the inner service.
        pub fn get_mut(&mut self) -> &mut S {
            &mut self.inner
        }

        /// Returns the inner service.
        pub fn into_inner(self) -> S {
            self.inner
        }
    };
}

/// Implements `Debug` by the names of the type and of its state. What the state holds may be
/// secret, and need not implement `Debug`.
macro_rules! debug_state {
    ($f:expr, $type:literal, $state:expr, $($pattern:pat => $name:literal),+ $(,)?) => {{
        let state = match $state {
            $($pattern => $name),+
        };
        $f.debug_struct($type).field("state", &format_args!("{state}")).finish()
    }};
}
