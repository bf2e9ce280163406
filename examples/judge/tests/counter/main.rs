//! Counts with many clients, and checks what each of them saw: no update is lost. Each test is also
//! run with its guard taken out, and then must lose updates.

mod cachew;
mod faults;
mod files;
mod notes;
mod support;
mod vault;
